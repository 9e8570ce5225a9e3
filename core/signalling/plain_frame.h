#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/signalling/door.h"
#include "sluice/error.h"
#include "sluice/result.h"

/// The frames of the plain WebSocket door, one JSON object each:
///
///     client   {"id":1,"event":"chat:send","data":{}}     `id` and `data` may be missing
///     gateway  {"id":1,"ok":true,"data":{}}  or  {"id":1,"ok":false,"error":{"code":...,"message":...,"details":{}}}
///     gateway  {"event":"chat:message","data":{}}
namespace sluice {

struct PlainFrame {
  std::optional<AckId> id;
  std::string event;
  boost::json::value data;
};

/// A frame that cannot be handed on: why, and the id to answer with as far as it could be read.
struct PlainFrameError {
  std::optional<AckId> id;
  std::string event;
  Error error;
};

inline constexpr std::size_t kMaxPlainIdBytes = 64;

[[nodiscard]] Result<PlainFrame, PlainFrameError> parse_plain_frame(std::string_view text);

[[nodiscard]] std::string plain_ack_frame(const AckId& id, const boost::json::value& data);
[[nodiscard]] std::string plain_ack_frame(const AckId& id, const Error& error);
[[nodiscard]] std::string plain_event_frame(std::string_view event, const boost::json::value& data);

/// `{event, code, message, details}`: the data of the event `error` on every door.
[[nodiscard]] boost::json::value error_event_data(std::string_view event, const Error& error);

}  // namespace sluice
