// SPDX-License-Identifier: Apache-2.0
// Lines of one GPIO chip by the system's libgpiod, 1.6 or 2.x: which of the two is seen at compile time. Nothing here
// waits. What fails returns NULL or -1 and leaves errno.
#ifndef GATEHOUSE_GPIO_H
#define GATEHOUSE_GPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What a bank of inputs or outputs can have, and no more: an `InputBank` takes as many.
#define GH_GPIO_LINES 32

struct gh_gpio;

enum gh_gpio_bank { GH_GPIO_OUTPUTS, GH_GPIO_INPUTS };

enum gh_gpio_flag {
    GH_GPIO_ACTIVE_LOW = 1,
    GH_GPIO_PULL_UP = 2,
    GH_GPIO_PULL_DOWN = 4,
    GH_GPIO_BIAS_DISABLED = 8,
    GH_GPIO_OPEN_DRAIN = 16,
    GH_GPIO_OPEN_SOURCE = 32
};

struct gh_gpio_edge {
    /// Place among the requested inputs, from 0.
    unsigned input;
    bool is_active;
};

/// By the path of its device, or by its label where there is no slash in it.
struct gh_gpio *gh_gpio_open(const char *path_or_label);
/// Lines that were requested are free again; what levels they then have is the chip's affair.
void gh_gpio_close(struct gh_gpio *gpio);

/// Offset of the line that the chip's maker or device tree gave this name.
int gh_gpio_find(struct gh_gpio *gpio, const char *name);

/// Once each. Outputs have their level from the request on: there is no step between.
int gh_gpio_request_outputs(
    struct gh_gpio *gpio, const unsigned *offsets, const bool *levels, size_t count, int flags);
/// With both edges; where the chip reports none, without.
int gh_gpio_request_inputs(struct gh_gpio *gpio, const unsigned *offsets, size_t count, int flags);

int gh_gpio_set(struct gh_gpio *gpio, unsigned output, bool is_active);
/// 1: active, 0: not.
int gh_gpio_get(struct gh_gpio *gpio, enum gh_gpio_bank bank, unsigned line);

/// A copy of the descriptor on which edges are read, the caller's to close; libgpiod 2 has one for all inputs, 1.6 one
/// for each. -1 with errno 0: there are no more than `source`.
int gh_gpio_edge_descriptor(struct gh_gpio *gpio, unsigned source);
/// Edges in bytes that were read from the descriptor of this source, the oldest first. How many there were.
size_t gh_gpio_edges(
    struct gh_gpio *gpio, unsigned source, const uint8_t *bytes, size_t size, struct gh_gpio_edge *edges,
    size_t capacity);

/// 1 or 2.
int gh_gpio_api(void);

#endif
