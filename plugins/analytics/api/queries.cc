#include "api/queries.h"

#include "api/rest_time.h"

namespace sluice::analytics {

std::string_view name_of(Resolution resolution) noexcept {
  switch (resolution) {
    case Resolution::s1:
      return "1s";
    case Resolution::s10:
      return "10s";
    case Resolution::m1:
      return "1m";
    case Resolution::h1:
      return "1h";
  }
  return {};
}

Resolution read_resolution(const std::optional<Text<4>>& text, Resolution usual) {
  if (!text) return usual;
  for (const Resolution one : {Resolution::s1, Resolution::s10, Resolution::m1, Resolution::h1}) {
    if (*text == name_of(one)) return one;
  }
  throw Error{ErrorCode::invalid_payload, "resolution: must be one of 1s, 10s, 1m, 1h", {{"path", "resolution"}}};
}

std::optional<std::int64_t> read_time(const std::optional<Text<40>>& text, const char* name) {
  if (!text) return std::nullopt;
  if (const auto time = parse_time(*text)) return time;
  throw Error{ErrorCode::invalid_payload,
              std::string{name} + ": must be a time such as 2025-07-30T10:00:00Z, or a day",
              {{"path", name}}};
}

}  // namespace sluice::analytics
