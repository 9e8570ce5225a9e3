#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice {

/// Every code that a client can be answered with, on any door. A closed list: docs/errors.md explains each one.
enum class ErrorCode : std::uint8_t {
  invalid_payload,     ///< the data does not fit the event's schema; details: {path}
  unknown_event,       ///< no loaded plugin answers to this event
  rate_limited,        ///< too many events or connections; details: {retryAfterMs}
  unauthorized,        ///< no token where one is needed, or one that does not verify
  token_expired,       ///< the token's time is over (or not yet come)
  permission_denied,   ///< known, but may not; details: {requiredRole, currentRole} where roles decide
  not_found,           ///< the thing named does not exist, or is not visible to the caller
  room_not_found,      ///< no such room, and rooms are not created on join
  room_full,           ///< the room's limit of participants is reached
  room_closed,         ///< the room ended
  room_exists,         ///< a room of this id is there already
  not_in_room,         ///< the event needs a participant, and this client has not joined
  already_in_room,     ///< one client is one participant at a time
  admission_denied,    ///< an admission step said no; the message says why
  draining,            ///< the gateway is about to stop and takes no new joins
  conflict,            ///< the thing's state does not allow it now
  limit_exceeded,      ///< a bound of the configuration is reached; details: {limit}
  unsupported,         ///< well formed, but this gateway cannot do it
  transport_failed,    ///< ICE or DTLS failed; details: {reason}
  feature_not_loaded,  ///< the plugin that offers it is not loaded
  timeout,             ///< an answer did not come in time
  internal             ///< a defect on our side; the log has the rest
};

/// The code as clients read it: `INVALID_PAYLOAD`.
[[nodiscard]] std::string_view to_string(ErrorCode code) noexcept;

/// The HTTP status that stands for the code on the HTTP doors: 400, 403, 404, ...
[[nodiscard]] int http_status(ErrorCode code) noexcept;

/// An answer "no" to a client. A handler throws it (or passes it to Reply::fail); the host turns it into the error form
/// of the door that the request came through. Any other exception becomes `INTERNAL` and a log line.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, boost::json::object details = {})
      : std::runtime_error{message}, code_{code}, details_{std::move(details)} {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  /// Machine-readable particulars; the keys of each code stand beside it in ErrorCode.
  [[nodiscard]] const boost::json::object& details() const noexcept { return details_; }
  /// `{code, message, details}` as the protocol shows it.
  [[nodiscard]] boost::json::object to_json() const;

 private:
  ErrorCode code_;
  boost::json::object details_;
};

}  // namespace sluice
