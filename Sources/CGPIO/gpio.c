// SPDX-License-Identifier: Apache-2.0
#include "gatehouse_gpio.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <linux/gpio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSUMER "gatehouse"

static int duplicate(int descriptor) {
    return descriptor < 0 ? -1 : fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
}

// The library has no macro for its version; this one left it with 2.0.
#ifdef GPIOD_BIT

struct gh_gpio {
    struct gpiod_chip *chip;
    struct gpiod_line *lines[2][GH_GPIO_LINES];
    size_t counts[2];
    bool has_edges;
};

int gh_gpio_api(void) { return 1; }

struct gh_gpio *gh_gpio_open(const char *path_or_label) {
    struct gh_gpio *gpio = calloc(1, sizeof *gpio);
    if (!gpio) return NULL;
    gpio->chip = strchr(path_or_label, '/') ? gpiod_chip_open(path_or_label)
                                            : gpiod_chip_open_by_label(path_or_label);
    if (gpio->chip) return gpio;
    int reason = errno;
    free(gpio);
    errno = reason;
    return NULL;
}

void gh_gpio_close(struct gh_gpio *gpio) {
    if (!gpio) return;
    // Its lines go with it.
    gpiod_chip_close(gpio->chip);
    free(gpio);
}

int gh_gpio_find(struct gh_gpio *gpio, const char *name) {
    struct gpiod_line *line = gpiod_chip_find_line(gpio->chip, name);
    return line ? (int)gpiod_line_offset(line) : -1;
}

static int request_flags(int flags) {
    return (flags & GH_GPIO_ACTIVE_LOW ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0)
        | (flags & GH_GPIO_PULL_UP ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP : 0)
        | (flags & GH_GPIO_PULL_DOWN ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN : 0)
        | (flags & GH_GPIO_BIAS_DISABLED ? GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE : 0)
        | (flags & GH_GPIO_OPEN_DRAIN ? GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN : 0)
        | (flags & GH_GPIO_OPEN_SOURCE ? GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE : 0);
}

static void forget(struct gh_gpio *gpio, enum gh_gpio_bank bank) {
    int reason = errno;
    for (size_t index = 0; index < gpio->counts[bank]; index++) gpiod_line_release(gpio->lines[bank][index]);
    gpio->counts[bank] = 0;
    errno = reason;
}

int gh_gpio_request_outputs(
    struct gh_gpio *gpio, const unsigned *offsets, const bool *levels, size_t count, int flags) {
    for (size_t index = 0; index < count && index < GH_GPIO_LINES; index++) {
        struct gpiod_line *line = gpiod_chip_get_line(gpio->chip, offsets[index]);
        if (!line || gpiod_line_request_output_flags(line, CONSUMER, request_flags(flags), levels[index])) {
            forget(gpio, GH_GPIO_OUTPUTS);
            return -1;
        }
        gpio->lines[GH_GPIO_OUTPUTS][gpio->counts[GH_GPIO_OUTPUTS]++] = line;
    }
    return 0;
}

static int request_inputs(
    struct gh_gpio *gpio, const unsigned *offsets, size_t count, int flags, bool with_edges) {
    for (size_t index = 0; index < count && index < GH_GPIO_LINES; index++) {
        struct gpiod_line *line = gpiod_chip_get_line(gpio->chip, offsets[index]);
        int failed = !line ? -1
            : with_edges
            ? gpiod_line_request_both_edges_events_flags(line, CONSUMER, request_flags(flags))
            : gpiod_line_request_input_flags(line, CONSUMER, request_flags(flags));
        if (failed) {
            forget(gpio, GH_GPIO_INPUTS);
            return -1;
        }
        gpio->lines[GH_GPIO_INPUTS][gpio->counts[GH_GPIO_INPUTS]++] = line;
    }
    gpio->has_edges = with_edges;
    return 0;
}

int gh_gpio_set(struct gh_gpio *gpio, unsigned output, bool is_active) {
    if (output < gpio->counts[GH_GPIO_OUTPUTS]) {
        return gpiod_line_set_value(gpio->lines[GH_GPIO_OUTPUTS][output], is_active);
    }
    errno = EINVAL;
    return -1;
}

int gh_gpio_get(struct gh_gpio *gpio, enum gh_gpio_bank bank, unsigned line) {
    if (line < gpio->counts[bank]) return gpiod_line_get_value(gpio->lines[bank][line]);
    errno = EINVAL;
    return -1;
}

int gh_gpio_edge_descriptor(struct gh_gpio *gpio, unsigned source) {
    if (gpio->has_edges && source < gpio->counts[GH_GPIO_INPUTS]) {
        return duplicate(gpiod_line_event_get_fd(gpio->lines[GH_GPIO_INPUTS][source]));
    }
    errno = 0;
    return -1;
}

size_t gh_gpio_edges(
    struct gh_gpio *gpio, unsigned source, const uint8_t *bytes, size_t size, struct gh_gpio_edge *edges,
    size_t capacity) {
    (void)gpio;
    size_t count = 0;
    struct gpioevent_data event;
    for (size_t at = 0; at + sizeof event <= size && count < capacity; at += sizeof event) {
        memcpy(&event, bytes + at, sizeof event);
        edges[count++] =
            (struct gh_gpio_edge){.input = source, .is_active = event.id == GPIOEVENT_EVENT_RISING_EDGE};
    }
    return count;
}

#else

struct gh_gpio {
    struct gpiod_chip *chip;
    struct gpiod_line_request *requests[2];
    unsigned offsets[2][GH_GPIO_LINES];
    size_t counts[2];
    bool has_edges;
};

int gh_gpio_api(void) { return 2; }

static bool has_label(struct gpiod_chip *chip, const char *label) {
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    bool is_it = info && strcmp(gpiod_chip_info_get_label(info), label) == 0;
    gpiod_chip_info_free(info);
    return is_it;
}

static struct gpiod_chip *open_by_label(const char *label) {
    DIR *folder = opendir("/dev");
    if (!folder) return NULL;
    struct gpiod_chip *found = NULL;
    struct dirent *entry;
    while (!found && (entry = readdir(folder))) {
        if (strncmp(entry->d_name, "gpiochip", 8) != 0) continue;
        char path[sizeof "/dev/" + sizeof entry->d_name];
        snprintf(path, sizeof path, "/dev/%s", entry->d_name);
        struct gpiod_chip *chip = gpiod_is_gpiochip_device(path) ? gpiod_chip_open(path) : NULL;
        if (chip && has_label(chip, label)) {
            found = chip;
        } else if (chip) {
            gpiod_chip_close(chip);
        }
    }
    closedir(folder);
    if (!found) errno = ENOENT;
    return found;
}

struct gh_gpio *gh_gpio_open(const char *path_or_label) {
    struct gh_gpio *gpio = calloc(1, sizeof *gpio);
    if (!gpio) return NULL;
    gpio->chip = strchr(path_or_label, '/') ? gpiod_chip_open(path_or_label) : open_by_label(path_or_label);
    if (gpio->chip) return gpio;
    int reason = errno;
    free(gpio);
    errno = reason;
    return NULL;
}

void gh_gpio_close(struct gh_gpio *gpio) {
    if (!gpio) return;
    for (int bank = 0; bank < 2; bank++) {
        if (gpio->requests[bank]) gpiod_line_request_release(gpio->requests[bank]);
    }
    gpiod_chip_close(gpio->chip);
    free(gpio);
}

int gh_gpio_find(struct gh_gpio *gpio, const char *name) {
    return gpiod_chip_get_line_offset_from_name(gpio->chip, name);
}

static void apply(struct gpiod_line_settings *settings, int flags) {
    gpiod_line_settings_set_active_low(settings, flags & GH_GPIO_ACTIVE_LOW);
    if (flags & GH_GPIO_PULL_UP) gpiod_line_settings_set_bias(settings, GPIOD_LINE_BIAS_PULL_UP);
    if (flags & GH_GPIO_PULL_DOWN) gpiod_line_settings_set_bias(settings, GPIOD_LINE_BIAS_PULL_DOWN);
    if (flags & GH_GPIO_BIAS_DISABLED) gpiod_line_settings_set_bias(settings, GPIOD_LINE_BIAS_DISABLED);
    if (flags & GH_GPIO_OPEN_DRAIN) gpiod_line_settings_set_drive(settings, GPIOD_LINE_DRIVE_OPEN_DRAIN);
    if (flags & GH_GPIO_OPEN_SOURCE) gpiod_line_settings_set_drive(settings, GPIOD_LINE_DRIVE_OPEN_SOURCE);
}

/// One request for the bank; `levels` of outputs, NULL of inputs.
static int request(
    struct gh_gpio *gpio, enum gh_gpio_bank bank, const unsigned *offsets, const bool *levels, size_t count,
    int flags, bool with_edges) {
    if (count == 0) return 0;
    if (count > GH_GPIO_LINES) count = GH_GPIO_LINES;
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    struct gpiod_line_request *made = NULL;
    if (settings && lines && config) {
        gpiod_request_config_set_consumer(config, CONSUMER);
        gpiod_line_settings_set_direction(
            settings, levels ? GPIOD_LINE_DIRECTION_OUTPUT : GPIOD_LINE_DIRECTION_INPUT);
        if (with_edges) gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
        apply(settings, flags);
        int failed = 0;
        for (size_t index = 0; index < count && !failed; index++) {
            if (levels) {
                gpiod_line_settings_set_output_value(
                    settings, levels[index] ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
            }
            failed = gpiod_line_config_add_line_settings(lines, &offsets[index], 1, settings);
        }
        if (!failed) made = gpiod_chip_request_lines(gpio->chip, config, lines);
    } else {
        errno = ENOMEM;
    }
    int reason = errno;
    gpiod_request_config_free(config);
    gpiod_line_config_free(lines);
    gpiod_line_settings_free(settings);
    errno = reason;
    if (!made) return -1;
    gpio->requests[bank] = made;
    gpio->counts[bank] = count;
    memcpy(gpio->offsets[bank], offsets, count * sizeof *offsets);
    return 0;
}

int gh_gpio_request_outputs(
    struct gh_gpio *gpio, const unsigned *offsets, const bool *levels, size_t count, int flags) {
    return request(gpio, GH_GPIO_OUTPUTS, offsets, levels, count, flags, false);
}

static int request_inputs(
    struct gh_gpio *gpio, const unsigned *offsets, size_t count, int flags, bool with_edges) {
    if (request(gpio, GH_GPIO_INPUTS, offsets, NULL, count, flags, with_edges)) return -1;
    gpio->has_edges = with_edges && count > 0;
    return 0;
}

int gh_gpio_set(struct gh_gpio *gpio, unsigned output, bool is_active) {
    if (output < gpio->counts[GH_GPIO_OUTPUTS]) {
        return gpiod_line_request_set_value(
            gpio->requests[GH_GPIO_OUTPUTS], gpio->offsets[GH_GPIO_OUTPUTS][output],
            is_active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE);
    }
    errno = EINVAL;
    return -1;
}

int gh_gpio_get(struct gh_gpio *gpio, enum gh_gpio_bank bank, unsigned line) {
    if (line < gpio->counts[bank]) {
        return gpiod_line_request_get_value(gpio->requests[bank], gpio->offsets[bank][line]);
    }
    errno = EINVAL;
    return -1;
}

int gh_gpio_edge_descriptor(struct gh_gpio *gpio, unsigned source) {
    if (gpio->has_edges && source == 0) {
        return duplicate(gpiod_line_request_get_fd(gpio->requests[GH_GPIO_INPUTS]));
    }
    errno = 0;
    return -1;
}

size_t gh_gpio_edges(
    struct gh_gpio *gpio, unsigned source, const uint8_t *bytes, size_t size, struct gh_gpio_edge *edges,
    size_t capacity) {
    (void)source;
    size_t count = 0;
    struct gpio_v2_line_event event;
    for (size_t at = 0; at + sizeof event <= size && count < capacity; at += sizeof event) {
        memcpy(&event, bytes + at, sizeof event);
        for (unsigned input = 0; input < gpio->counts[GH_GPIO_INPUTS]; input++) {
            if (gpio->offsets[GH_GPIO_INPUTS][input] != event.offset) continue;
            edges[count++] =
                (struct gh_gpio_edge){.input = input, .is_active = event.id == GPIO_V2_LINE_EVENT_RISING_EDGE};
            break;
        }
    }
    return count;
}

#endif

int gh_gpio_request_inputs(struct gh_gpio *gpio, const unsigned *offsets, size_t count, int flags) {
    if (request_inputs(gpio, offsets, count, flags, true) == 0) return 0;
    // A line that another has, or that there is not, is no better without edges.
    if (errno == EBUSY) return -1;
    return request_inputs(gpio, offsets, count, flags, false);
}
