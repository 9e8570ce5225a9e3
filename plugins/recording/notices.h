#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "capture.h"
#include "consents.h"
#include "live_recording.h"
#include "sluice/contracts/rooms.h"
#include "sluice/json.h"

/// What the people of a room are told. Shapes: docs/protocol.md.
namespace sluice::recording::notices {

/// `by`: a name; empty: the gateway itself, which is null.
[[nodiscard]] json::object change(const std::string& recording_id, std::string_view by, UnixMs at);
[[nodiscard]] json::object started(const LiveRecording& live);
[[nodiscard]] json::object stopped(const LiveRecording& live, std::string_view by, UnixMs at, std::string_view reason);
[[nodiscard]] json::object consent(const std::string& recording_id);
[[nodiscard]] json::object consents(const std::string& recording_id,
                                    const std::map<std::string, Consents::Answer>& all);
[[nodiscard]] json::object trouble(const std::string& recording_id, CaptureTrouble trouble, std::string_view text);

/// To host and co-hosts.
void to_moderators(Room& room, std::string_view event, const json::object& data);

}  // namespace sluice::recording::notices
