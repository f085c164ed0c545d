// SPDX-License-Identifier: Apache-2.0
#include "gatehouse_mqtt.h"

#include <dlfcn.h>
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

// Loaded when a site first has an uplink: with OpenSSL behind it the library costs 3 MB, and most gateways have none.
#define FUNCTIONS(X) \
    X(lib_init) X(new) X(destroy) X(connect_v5_callback_set) X(publish_v5_callback_set) \
    X(disconnect_v5_callback_set) X(log_callback_set) X(int_option) X(username_pw_set) X(tls_set) X(connect_async) \
    X(disconnect_v5) X(property_add_string) X(property_read_int16) X(property_free_all) \
    X(publish_v5) X(socket) X(want_write) X(loop_write) X(loop_read) X(loop_misc) X(reason_string) \
    X(strerror) X(subscribe_v5) X(subscribe_v5_callback_set) X(message_v5_callback_set) X(property_add_binary) \
    X(property_read_string) X(property_read_binary) X(property_read_string_pair) \
    X(property_add_string_pair) X(property_add_int32)

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
// Messages of others that wait for us at most, and the size of one: a stranger's flood takes no more memory than this.
// What is beyond is not taken; who waits for an answer asks again.
#define MESSAGES 256
#define LARGEST_MESSAGE 65536

struct gh_mqtt {
    struct mosquitto *client;
    char *texts[GH_MQTT_TEXTS];
    int bell;
    int reason;
    bool has_ended;
    bool is_of_tls;
    enum gh_mqtt_cause cause;
    char complaint[200];
    size_t first_message, messages;
    struct gh_mqtt_message *waiting[MESSAGES];
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
    // Below 0x80 it is an error of the library, which the loop returns as well.
    if (reason >= 0x80) mqtt->reason = reason;
}

static void subscribed(
    struct mosquitto *client, void *context, int message, int count, const int *granted,
    const mosquitto_property *properties) {
    (void)client;
    (void)properties;
    for (int index = 0; index < count; index += 1)
        put(context,
            (struct gh_mqtt_event){
                .kind = GH_MQTT_SUBSCRIBED, .message = message, .reason = granted[index]});
}

static char *signature_of(const mosquitto_property *properties) {
    char *name = NULL, *value = NULL;
    const mosquitto_property *at =
        library.property_read_string_pair(properties, MQTT_PROP_USER_PROPERTY, &name, &value, false);
    while (at != NULL) {
        bool is_it = name != NULL && strcmp(name, "signature") == 0;
        free(name);
        if (is_it) return value;
        free(value);
        name = value = NULL;
        at = library.property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, true);
    }
    return NULL;
}

static void received(
    struct mosquitto *client, void *context, const struct mosquitto_message *message,
    const mosquitto_property *properties) {
    (void)client;
    struct gh_mqtt *mqtt = context;
    bool fits = message->payloadlen >= 0 && message->payloadlen <= LARGEST_MESSAGE;
    if (!fits || mqtt->messages == MESSAGES || mqtt->count == CAPACITY) return;
    struct gh_mqtt_message *copy = calloc(1, sizeof *copy);
    if (copy == NULL) return;
    copy->size = (size_t)message->payloadlen;
    copy->topic = strdup(message->topic);
    copy->payload = malloc(copy->size + 1);
    if (copy->topic == NULL || copy->payload == NULL) {
        gh_mqtt_message_free(copy);
        return;
    }
    if (copy->size > 0) memcpy(copy->payload, message->payload, copy->size);
    library.property_read_string(properties, MQTT_PROP_RESPONSE_TOPIC, &copy->response_topic, false);
    library.property_read_binary(
        properties, MQTT_PROP_CORRELATION_DATA, &copy->correlation, &copy->correlation_size, false);
    copy->signature = signature_of(properties);
    mqtt->waiting[(mqtt->first_message + mqtt->messages) % MESSAGES] = copy;
    mqtt->messages += 1;
    put(mqtt, (struct gh_mqtt_event){.kind = GH_MQTT_RECEIVED});
}

void gh_mqtt_message_free(struct gh_mqtt_message *message) {
    if (message == NULL) return;
    free(message->topic);
    free(message->payload);
    free(message->response_topic);
    free(message->correlation);
    free(message->signature);
    free(message);
}

// What was not taken belongs to a connection that is over.
static void forget(struct gh_mqtt *mqtt) {
    while (mqtt->messages > 0) gh_mqtt_message_free(gh_mqtt_take_message(mqtt));
    mqtt->first = mqtt->count = 0;
}

static void complain(struct gh_mqtt *mqtt, const char *text) {
    snprintf(mqtt->complaint, sizeof mqtt->complaint, "%s", text);
}

// The first says what was wrong, what follows only that it failed therefore.
static void logged(struct mosquitto *client, void *context, int level, const char *text) {
    (void)client;
    struct gh_mqtt *mqtt = context;
    if (level != MOSQ_LOG_ERR || mqtt->complaint[0] != 0) return;
    // OpenSSL's lines are error:NUMBER:LIBRARY:FUNCTION:WORDS.
    mqtt->is_of_tls = strncmp(text, "OpenSSL Error", 13) == 0;
    const char *words = mqtt->is_of_tls ? strrchr(text, ':') : NULL;
    complain(mqtt, words != NULL ? words + 1 : text);
}

static bool is_of_address(int system) {
    return system == ECONNREFUSED || system == EHOSTUNREACH || system == ENETUNREACH || system == ETIMEDOUT;
}

// `system`: errno, where the error is the system's.
static void judge(struct gh_mqtt *mqtt, int error, int system) {
    mqtt->cause = GH_MQTT_CAUSE_OTHER;
    // A broker that wants a certificate of ours says so by TLS and hangs up.
    if (error == MOSQ_ERR_TLS || error == MOSQ_ERR_TLS_HANDSHAKE || mqtt->is_of_tls)
        mqtt->cause = GH_MQTT_CAUSE_CERTIFICATE;
    // Whoever is there speaks no TLS, or a proxy has nobody behind it just now.
    if (strstr(mqtt->complaint, "unexpected eof") != NULL) mqtt->cause = GH_MQTT_CAUSE_ADDRESS;
    if (error == MOSQ_ERR_EAI) {
        mqtt->cause = GH_MQTT_CAUSE_ADDRESS;
        complain(mqtt, "no such name");
    }
    if (error != MOSQ_ERR_ERRNO) return;
    if (mqtt->complaint[0] == 0) complain(mqtt, strerror(system));
    if (is_of_address(system)) mqtt->cause = GH_MQTT_CAUSE_ADDRESS;
}

static void ended(struct gh_mqtt *mqtt, int error, int system) {
    if (mqtt->has_ended) return;
    mqtt->has_ended = true;
    judge(mqtt, error, system);
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
    forget(mqtt);
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

static int configure(struct mosquitto *client, char *const *texts, int window) {
    int error = library.int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    if (error == 0) error = library.int_option(client, MOSQ_OPT_SEND_MAXIMUM, window);
    if (error == 0) error = library.int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    if (error == 0 && texts[GH_MQTT_USERNAME] != NULL)
        error = library.username_pw_set(
            client, texts[GH_MQTT_USERNAME], texts[GH_MQTT_PASSWORD]);
    return error;
}

static int secure(struct gh_mqtt *mqtt) {
    char *const *texts = mqtt->texts;
    const enum gh_mqtt_text files[] = {GH_MQTT_AUTHORITY, GH_MQTT_CERTIFICATE, GH_MQTT_KEY};
    for (size_t index = 0; index < sizeof files / sizeof *files; index += 1) {
        const char *path = texts[files[index]];
        if (path == NULL || access(path, R_OK) == 0) continue;
        // The library would say "invalid arguments".
        snprintf(mqtt->complaint, sizeof mqtt->complaint, "%s: %s", path, strerror(errno));
        return MOSQ_ERR_TLS;
    }
    return library.tls_set(
        mqtt->client, texts[GH_MQTT_AUTHORITY], texts[GH_MQTT_AUTHORITY] == NULL ? "/etc/ssl/certs" : NULL,
        texts[GH_MQTT_CERTIFICATE], texts[GH_MQTT_KEY], NULL);
}

int gh_mqtt_open(struct gh_mqtt *mqtt, int port, bool uses_tls, int keepalive_seconds, int window) {
    gh_mqtt_close(mqtt);
    forget(mqtt);
    mqtt->reason = 0;
    mqtt->is_of_tls = false;
    mqtt->cause = GH_MQTT_CAUSE_OTHER;
    mqtt->complaint[0] = 0;
    // A clean start and no session afterwards: what is unconfirmed comes from the journal again.
    mqtt->client = library.new(mqtt->texts[GH_MQTT_CLIENT_ID], true, mqtt);
    if (mqtt->client == NULL) return errno == EINVAL ? MOSQ_ERR_INVAL : MOSQ_ERR_NOMEM;
    library.connect_v5_callback_set(mqtt->client, connected);
    library.publish_v5_callback_set(mqtt->client, acknowledged);
    library.disconnect_v5_callback_set(mqtt->client, disconnected);
    library.subscribe_v5_callback_set(mqtt->client, subscribed);
    library.message_v5_callback_set(mqtt->client, received);
    library.log_callback_set(mqtt->client, logged);
    int error = configure(mqtt->client, mqtt->texts, window);
    if (error == 0 && uses_tls) {
        error = secure(mqtt);
        if (error != 0) mqtt->cause = GH_MQTT_CAUSE_CERTIFICATE;
    }
    if (error == 0) {
        error = library.connect_async(
            mqtt->client, mqtt->texts[GH_MQTT_HOST], port, keepalive_seconds);
        if (error != 0) judge(mqtt, error, errno);
    }
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

int gh_mqtt_subscribe(struct gh_mqtt *mqtt, const char *topic) {
    if (mqtt->client == NULL) return MOSQ_ERR_NO_CONN;
    return library.subscribe_v5(
        mqtt->client, NULL, topic, 1, MQTT_SUB_OPT_NO_LOCAL | MQTT_SUB_OPT_SEND_RETAIN_NEVER, NULL);
}

int gh_mqtt_answer(
    struct gh_mqtt *mqtt, const char *topic, const void *payload, size_t size, const void *correlation,
    uint16_t correlation_size, const char *signature, uint32_t lifetime_seconds, int *message) {
    if (mqtt->client == NULL) return MOSQ_ERR_NO_CONN;
    if (size > MQTT_MAX_PAYLOAD) return MOSQ_ERR_PAYLOAD_SIZE;
    mosquitto_property *properties = NULL;
    int error =
        library.property_add_string(&properties, MQTT_PROP_CONTENT_TYPE, "application/json");
    if (error == 0 && correlation != NULL)
        error = library.property_add_binary(
            &properties, MQTT_PROP_CORRELATION_DATA, correlation, correlation_size);
    if (error == 0 && signature != NULL)
        error = library.property_add_string_pair(
            &properties, MQTT_PROP_USER_PROPERTY, "signature", signature);
    if (error == 0 && lifetime_seconds > 0)
        error = library.property_add_int32(
            &properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, lifetime_seconds);
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
    int system = 0;
    if (watched[1].revents & (POLLHUP | POLLERR)) {
        // Asked of the socket: of a connection that did not come about the library says "protocol error".
        socklen_t size = sizeof system;
        getsockopt(socket, SOL_SOCKET, SO_ERROR, &system, &size);
        if (is_of_address(system)) error = MOSQ_ERR_ERRNO;
    }
    if (error == 0 && watched[1].revents & POLLOUT) error = library.loop_write(mqtt->client, 1);
    if (error == 0 && watched[1].revents & (POLLIN | POLLHUP | POLLERR))
        error = library.loop_read(mqtt->client, 1);
    if (error == 0) error = library.loop_misc(mqtt->client);
    if (error != 0) ended(mqtt, error, is_of_address(system) ? system : errno);
}

bool gh_mqtt_take(struct gh_mqtt *mqtt, struct gh_mqtt_event *event) {
    if (mqtt->count == 0) return false;
    *event = mqtt->events[mqtt->first];
    mqtt->first = (mqtt->first + 1) % CAPACITY;
    mqtt->count -= 1;
    return true;
}

struct gh_mqtt_message *gh_mqtt_take_message(struct gh_mqtt *mqtt) {
    if (mqtt->messages == 0) return NULL;
    struct gh_mqtt_message *oldest = mqtt->waiting[mqtt->first_message];
    mqtt->first_message = (mqtt->first_message + 1) % MESSAGES;
    mqtt->messages -= 1;
    return oldest;
}

enum gh_mqtt_cause gh_mqtt_failed_at(const struct gh_mqtt *mqtt) { return mqtt->cause; }

const char *gh_mqtt_complaint(const struct gh_mqtt *mqtt) { return mqtt->complaint; }

bool gh_mqtt_is_of_message(int error) {
    return error == MOSQ_ERR_PAYLOAD_SIZE || error == MOSQ_ERR_OVERSIZE_PACKET
           || error == MOSQ_ERR_MALFORMED_UTF8;
}

const char *gh_mqtt_reason_text(int reason) { return library.reason_string(reason); }

const char *gh_mqtt_error_text(int error) { return library.strerror(error); }
