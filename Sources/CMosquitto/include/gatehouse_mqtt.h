// SPDX-License-Identifier: Apache-2.0
// One MQTT 5 connection by the system's libmosquitto, driven by one thread. What the library calls back is kept and
// taken after each wait, so that nothing of ours runs inside the library.
#ifndef GATEHOUSE_MQTT_H
#define GATEHOUSE_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gh_mqtt;

/// Texts of the settings.
enum gh_mqtt_text {
    GH_MQTT_HOST,
    GH_MQTT_CLIENT_ID,
    GH_MQTT_USERNAME,
    GH_MQTT_PASSWORD,
    /// File of authorities; not set: the system's certificates.
    GH_MQTT_AUTHORITY,
    GH_MQTT_CERTIFICATE,
    GH_MQTT_KEY,
    GH_MQTT_TEXTS
};

enum gh_mqtt_kind {
    /// CONNACK with success: `maximum` is the broker's receive maximum. Its maximum packet size the library keeps to.
    GH_MQTT_CONNECTED,
    /// CONNACK with `reason` (MQTT 5, 2.4).
    GH_MQTT_REFUSED,
    /// PUBACK of `message` with `reason`.
    GH_MQTT_ACKNOWLEDGED,
    /// SUBACK of one topic with `reason`: 0x80 and above, it was refused (MQTT 5, 3.9.3).
    GH_MQTT_SUBSCRIBED,
    /// A message came: the next one of `gh_mqtt_take_message`.
    GH_MQTT_RECEIVED,
    /// The connection is over; `reason` as the broker's DISCONNECT gave it, or 0, and `error` of the library.
    GH_MQTT_ENDED
};

/// A message of somebody else, copied. Texts that it did not have are NULL.
struct gh_mqtt_message {
    char *topic;
    void *payload;
    size_t size;
    /// Where and with what its sender wants the answer (MQTT 5, 3.3.2.3.5 and 3.3.2.3.6).
    char *response_topic;
    void *correlation;
    uint16_t correlation_size;
    /// The first user property of this name.
    char *signature;
};

struct gh_mqtt_event {
    enum gh_mqtt_kind kind;
    int message;
    int reason;
    int error;
    int maximum;
};

/// At what a connection failed that never came about.
enum gh_mqtt_cause {
    GH_MQTT_CAUSE_OTHER,
    /// No such name, nobody there.
    GH_MQTT_CAUSE_ADDRESS,
    /// TLS: theirs, ours, or a file that cannot be read.
    GH_MQTT_CAUSE_CERTIFICATE
};

/// NULL without the library, memory or descriptors.
struct gh_mqtt *gh_mqtt_new(void);
void gh_mqtt_free(struct gh_mqtt *mqtt);

/// Ends a wait. From any thread.
void gh_mqtt_ring(struct gh_mqtt *mqtt);

/// Copies the text. For the connections that are opened afterwards.
void gh_mqtt_set_text(struct gh_mqtt *mqtt, enum gh_mqtt_text which, const char *text);

/// Begins a connection with nothing carried over from an earlier one. 0 or an error of the library; a host name is
/// looked up here and may take as long as the resolver does. `window`: publishes without PUBACK; the broker may want
/// fewer.
int gh_mqtt_open(struct gh_mqtt *mqtt, int port, bool uses_tls, int keepalive_seconds, int window);
/// Says goodbye where there is somebody to hear it.
void gh_mqtt_close(struct gh_mqtt *mqtt);

/// QoS 1, content type application/cloudevents+json. 0 or an error of the library.
int gh_mqtt_publish(
    struct gh_mqtt *mqtt, const char *topic, const void *payload, size_t size, int *message);

/// QoS 1; nothing that was retained and nothing of our own. 0 or an error of the library.
int gh_mqtt_subscribe(struct gh_mqtt *mqtt, const char *topic);
/// QoS 1, content type application/json, with the correlation data of what it answers and our signature; NULL: none. The
/// broker keeps it for `lifetime_seconds` for who is away (MQTT 5, 3.3.2.3.3); 0: as long as it likes. 0 or an error of the
/// library.
int gh_mqtt_answer(
    struct gh_mqtt *mqtt, const char *topic, const void *payload, size_t size, const void *correlation,
    uint16_t correlation_size, const char *signature, uint32_t lifetime_seconds, int *message);
void gh_mqtt_message_free(struct gh_mqtt_message *message);

/// Carries bytes until something happened, it was rung or the time is over. timeout_ms < 0: no limit.
void gh_mqtt_wait(struct gh_mqtt *mqtt, int timeout_ms);
/// The oldest event not taken: true and its copy.
bool gh_mqtt_take(struct gh_mqtt *mqtt, struct gh_mqtt_event *event);
/// The oldest message not taken, now the taker's, who frees it; NULL: none.
struct gh_mqtt_message *gh_mqtt_take_message(struct gh_mqtt *mqtt);

/// Of the connection that ended last, or was not begun.
enum gh_mqtt_cause gh_mqtt_failed_at(const struct gh_mqtt *mqtt);
/// What it ended with, in words that say more than the error; may be empty. Valid until the next call.
const char *gh_mqtt_complaint(const struct gh_mqtt *mqtt);

/// Errors of `gh_mqtt_publish` that concern this message alone.
bool gh_mqtt_is_of_message(int error);
/// Words for a reason of the broker (static storage), and for an error of the library.
const char *gh_mqtt_reason_text(int reason);
const char *gh_mqtt_error_text(int error);

#endif
