#include "sluice/error.h"

namespace sluice {

namespace {

struct CodeEntry {
  std::string_view name;
  int http_status;
};

// In the order of ErrorCode.
constexpr CodeEntry kCodes[] = {
    {"INVALID_PAYLOAD", 400}, {"UNKNOWN_EVENT", 400},     {"RATE_LIMITED", 429},     {"UNAUTHORIZED", 401},
    {"TOKEN_EXPIRED", 401},   {"PERMISSION_DENIED", 403}, {"NOT_FOUND", 404},        {"ROOM_NOT_FOUND", 404},
    {"ROOM_FULL", 409},       {"ROOM_CLOSED", 410},       {"ROOM_EXISTS", 409},      {"NOT_IN_ROOM", 409},
    {"ALREADY_IN_ROOM", 409}, {"ADMISSION_DENIED", 403},  {"DRAINING", 503},         {"CONFLICT", 409},
    {"LIMIT_EXCEEDED", 429},  {"UNSUPPORTED", 422},       {"TRANSPORT_FAILED", 502}, {"FEATURE_NOT_LOADED", 404},
    {"TIMEOUT", 504},         {"INTERNAL", 500},
};
static_assert(std::size(kCodes) == static_cast<std::size_t>(ErrorCode::internal) + 1);

const CodeEntry& entry(ErrorCode code) noexcept { return kCodes[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view to_string(ErrorCode code) noexcept { return entry(code).name; }

int http_status(ErrorCode code) noexcept { return entry(code).http_status; }

boost::json::object Error::to_json() const {
  boost::json::object out;
  out["code"] = to_string(code_);
  out["message"] = what();
  out["details"] = details_;
  return out;
}

}  // namespace sluice
