#include "refusal.h"

#include <boost/json/serialize.hpp>

namespace sluice::videoroom {

void demand_room_for_one_more(std::size_t count, int limit, std::string_view what) {
  if (count < static_cast<std::size_t>(limit)) return;
  throw Error{
      ErrorCode::limit_exceeded, "at most " + std::to_string(limit) + " " + std::string{what}, {{"limit", limit}}};
}

void demand_size(const json::object& value, int limit, std::string_view what) {
  if (value.empty() || json::serialize(value).size() <= static_cast<std::size_t>(limit)) return;
  throw Error{ErrorCode::limit_exceeded,
              std::string{what} + ": at most " + std::to_string(limit) + " bytes of JSON",
              {{"limit", limit}}};
}

void demand_role(Role current, Role required) {
  if (current <= required) return;  // the enumeration starts at the top
  throw Error{ErrorCode::permission_denied,
              "the role " + role_name(current) + " may not do that",
              {{"requiredRole", role_name(required)}, {"currentRole", role_name(current)}}};
}

void refuse_unknown(std::string_view what, std::string_view id) {
  throw Error{ErrorCode::not_found, "no " + std::string{what} + " '" + sanitise_text(id, 64) + "'"};
}

void refuse_field(std::string_view path, std::string_view reason) {
  throw Error{ErrorCode::invalid_payload, std::string{path} + ": " + std::string{reason}, {{"path", path}}};
}

std::string role_name(Role role) { return std::string{to_json(role).as_string()}; }

}  // namespace sluice::videoroom
