// SPDX-License-Identifier: Apache-2.0
#include "gatehouse_mqtt.h"

#include <dlfcn.h>
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

// Loaded when a site first has an uplink: with OpenSSL behind it the library costs 3 MB, and most gateways have none.
#define FUNCTIONS(X) \
    X(lib_init) X(new) X(destroy) X(connect_v5_callback_set) X(publish_v5_callback_set) \
    X(disconnect_v5_callback_set) X(int_option) X(username_pw_set) X(tls_set) X(connect_async) \
    X(disconnect_v5) X(property_add_string) X(property_read_int16) X(property_free_all) \
    X(publish_v5) X(socket) X(want_write) X(loop_write) X(loop_read) X(loop_misc) X(reason_string) \
    X(strerror)

static struct {
#define X(name) __typeof__(&mosquitto_##name) name;
    FUNCTIONS(X)
#undef X
    bool is_there;
} library;

static void load(void) {
    void *handle = dlopen("libmosquitto.so.1", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return;
#define X(name) \
    *(void **)&library.name = dlsym(handle, "mosquitto_" #name); \
    if (library.name == NULL) return;
    FUNCTIONS(X)
#undef X
    library.is_there = library.lib_init() == MOSQ_ERR_SUCCESS;
}

// The library answers at most one event per message in flight before we look, and the window is far below.
#define CAPACITY 2048

struct gh_mqtt {
    struct mosquitto *client;
    char *texts[GH_MQTT_TEXTS];
    int bell;
    int reason;
    bool has_ended;
    size_t first, count;
    struct gh_mqtt_event events[CAPACITY];
};

static void put(struct gh_mqtt *mqtt, struct gh_mqtt_event event) {
    if (mqtt->count == CAPACITY) return;
    mqtt->events[(mqtt->first + mqtt->count) % CAPACITY] = event;
    mqtt->count += 1;
}

static void connected(
    struct mosquitto *client, void *context, int reason, int flags, const mosquitto_property *properties) {
    (void)client;
    (void)flags;
    if (reason != 0) {
        put(context, (struct gh_mqtt_event){.kind = GH_MQTT_REFUSED, .reason = reason});
        return;
    }
    uint16_t maximum = 65535;
    library.property_read_int16(properties, MQTT_PROP_RECEIVE_MAXIMUM, &maximum, false);
    put(context, (struct gh_mqtt_event){.kind = GH_MQTT_CONNECTED, .maximum = maximum});
}

static void acknowledged(
    struct mosquitto *client, void *context, int message, int reason, const mosquitto_property *properties) {
    (void)client;
    (void)properties;
    put(context,
        (struct gh_mqtt_event){.kind = GH_MQTT_ACKNOWLEDGED, .message = message, .reason = reason});
}

static void disconnected(
    struct mosquitto *client, void *context, int reason, const mosquitto_property *properties) {
    (void)client;
    (void)properties;
    struct gh_mqtt *mqtt = context;
    mqtt->reason = reason;
}

static void ended(struct gh_mqtt *mqtt, int error) {
    if (mqtt->has_ended) return;
    mqtt->has_ended = true;
    put(mqtt,
        (struct gh_mqtt_event){.kind = GH_MQTT_ENDED, .reason = mqtt->reason, .error = error});
}

struct gh_mqtt *gh_mqtt_new(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!library.is_there) return NULL;
    struct gh_mqtt *mqtt = calloc(1, sizeof *mqtt);
    if (mqtt == NULL) return NULL;
    mqtt->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    mqtt->has_ended = true;
    if (mqtt->bell < 0) {
        free(mqtt);
        return NULL;
    }
    return mqtt;
}

void gh_mqtt_free(struct gh_mqtt *mqtt) {
    gh_mqtt_close(mqtt);
    for (size_t which = 0; which < GH_MQTT_TEXTS; which += 1) free(mqtt->texts[which]);
    close(mqtt->bell);
    free(mqtt);
}

void gh_mqtt_ring(struct gh_mqtt *mqtt) {
    uint64_t one = 1;
    // A counter that cannot grow rings already.
    ssize_t written = write(mqtt->bell, &one, sizeof one);
    (void)written;
}

void gh_mqtt_set_text(struct gh_mqtt *mqtt, enum gh_mqtt_text which, const char *text) {
    free(mqtt->texts[which]);
    mqtt->texts[which] = strdup(text);
}

static int configure(struct mosquitto *client, char *const *texts, bool uses_tls, int window) {
    int error = library.int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    if (error == 0) error = library.int_option(client, MOSQ_OPT_SEND_MAXIMUM, window);
    if (error == 0) error = library.int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    if (error == 0 && texts[GH_MQTT_USERNAME] != NULL)
        error = library.username_pw_set(
            client, texts[GH_MQTT_USERNAME], texts[GH_MQTT_PASSWORD]);
    if (error == 0 && uses_tls)
        error = library.tls_set(
            client, texts[GH_MQTT_AUTHORITY],
            texts[GH_MQTT_AUTHORITY] == NULL ? "/etc/ssl/certs" : NULL, texts[GH_MQTT_CERTIFICATE],
            texts[GH_MQTT_KEY], NULL);
    return error;
}

int gh_mqtt_open(struct gh_mqtt *mqtt, int port, bool uses_tls, int keepalive_seconds, int window) {
    gh_mqtt_close(mqtt);
    mqtt->first = mqtt->count = 0;
    mqtt->reason = 0;
    // A clean start and no session afterwards: what is unconfirmed comes from the journal again.
    mqtt->client = library.new(mqtt->texts[GH_MQTT_CLIENT_ID], true, mqtt);
    if (mqtt->client == NULL) return errno == EINVAL ? MOSQ_ERR_INVAL : MOSQ_ERR_NOMEM;
    library.connect_v5_callback_set(mqtt->client, connected);
    library.publish_v5_callback_set(mqtt->client, acknowledged);
    library.disconnect_v5_callback_set(mqtt->client, disconnected);
    int error = configure(mqtt->client, mqtt->texts, uses_tls, window);
    if (error == 0)
        error = library.connect_async(
            mqtt->client, mqtt->texts[GH_MQTT_HOST], port, keepalive_seconds);
    if (error != 0) {
        library.destroy(mqtt->client);
        mqtt->client = NULL;
        return error;
    }
    mqtt->has_ended = false;
    return 0;
}

void gh_mqtt_close(struct gh_mqtt *mqtt) {
    if (mqtt->client == NULL) return;
    mqtt->has_ended = true;
    library.disconnect_v5(mqtt->client, 0, NULL);
    library.destroy(mqtt->client);
    mqtt->client = NULL;
}

int gh_mqtt_publish(
    struct gh_mqtt *mqtt, const char *topic, const void *payload, size_t size, int *message) {
    if (mqtt->client == NULL) return MOSQ_ERR_NO_CONN;
    if (size > MQTT_MAX_PAYLOAD) return MOSQ_ERR_PAYLOAD_SIZE;
    mosquitto_property *properties = NULL;
    int error = library.property_add_string(
        &properties, MQTT_PROP_CONTENT_TYPE, "application/cloudevents+json");
    if (error == 0)
        error = library.publish_v5(
            mqtt->client, message, topic, (int)size, payload, 1, false, properties);
    library.property_free_all(&properties);
    return error;
}

void gh_mqtt_wait(struct gh_mqtt *mqtt, int timeout_ms) {
    if (mqtt->count > 0) return;
    int socket = mqtt->client == NULL || mqtt->has_ended ? -1 : library.socket(mqtt->client);
    struct pollfd watched[2] = {
        {.fd = mqtt->bell, .events = POLLIN},
        {.fd = socket, .events = POLLIN},
    };
    if (socket >= 0) {
        if (library.want_write(mqtt->client)) watched[1].events |= POLLOUT;
        // Keep-alive is the library's own and has no descriptor.
        if (timeout_ms < 0 || timeout_ms > 1000) timeout_ms = 1000;
    }
    if (poll(watched, socket >= 0 ? 2 : 1, timeout_ms) < 0) return;
    if (watched[0].revents & POLLIN) {
        uint64_t rung;
        ssize_t got = read(mqtt->bell, &rung, sizeof rung);
        (void)got;
    }
    if (mqtt->client == NULL || mqtt->has_ended) return;
    int error = socket < 0 ? MOSQ_ERR_NO_CONN : MOSQ_ERR_SUCCESS;
    if (error == 0 && watched[1].revents & POLLOUT) error = library.loop_write(mqtt->client, 1);
    if (error == 0 && watched[1].revents & (POLLIN | POLLHUP | POLLERR))
        error = library.loop_read(mqtt->client, 1);
    if (error == 0) error = library.loop_misc(mqtt->client);
    if (error != 0) ended(mqtt, error);
}

bool gh_mqtt_take(struct gh_mqtt *mqtt, struct gh_mqtt_event *event) {
    if (mqtt->count == 0) return false;
    *event = mqtt->events[mqtt->first];
    mqtt->first = (mqtt->first + 1) % CAPACITY;
    mqtt->count -= 1;
    return true;
}

bool gh_mqtt_is_of_message(int error) {
    return error == MOSQ_ERR_PAYLOAD_SIZE || error == MOSQ_ERR_OVERSIZE_PACKET
           || error == MOSQ_ERR_MALFORMED_UTF8;
}

const char *gh_mqtt_reason_text(int reason) { return library.reason_string(reason); }

const char *gh_mqtt_error_text(int error) { return library.strerror(error); }
