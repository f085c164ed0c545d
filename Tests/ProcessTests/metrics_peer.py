# SPDX-License-Identifier: Apache-2.0
"""Reads OpenMetrics text from standard input with Prometheus' own parser, which is strict; prints a line per sample:
family, type, name, labels and value."""
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
        print(family.name, family.type, sample.name, labels or "-", int(sample.value))
