#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "history/quality_row.h"
#include "history/reading.h"
#include "sluice/http.h"
#include "sluice/json.h"
#include "sluice/rest.h"

namespace sluice::analytics {

/// The query of a series.
struct ReadSeries {
  static constexpr bool kSnakeCase = true;
  std::optional<Text<256>> participant;  ///< a user's id, or while it is there a participant's; missing: the room
  std::optional<Text<4>> resolution;     ///< `1s`, `10s`, `1m`, `1h`
  std::optional<Text<40>> from;
  std::optional<Text<40>> to;
  std::optional<std::uint32_t> limit;
  std::optional<std::int64_t> session;
  std::optional<Text<256>> tenant;  ///< of operators alone
};
BOOST_DESCRIBE_STRUCT(ReadSeries, (), (participant, resolution, from, to, limit, session, tenant))

/// Throw Error{invalid_payload} that names the parameter.
[[nodiscard]] Resolution read_resolution(const std::optional<Text<4>>& text, Resolution usual);
[[nodiscard]] std::optional<std::int64_t> read_time(const std::optional<Text<40>>& text, const char* name);

template <class Query>
[[nodiscard]] Query read_query(const HttpRequest& request) {
  static const json::object kSchema = schema_of<Query>();
  return from_json<Query>(rest::read_query(request, kSchema));
}

[[nodiscard]] std::string_view name_of(Resolution resolution) noexcept;

}  // namespace sluice::analytics
