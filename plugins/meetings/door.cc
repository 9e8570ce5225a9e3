#include "door.h"

#include <algorithm>

#include "join_pass.h"

namespace sluice::meetings {

namespace {

constexpr std::int64_t kDefaultLimit = 20;
constexpr std::int64_t kMostOffset = 1'000'000;

std::int64_t within(std::string_view path, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value >= least && value <= most) return value;
  refuse(path, "must be between " + std::to_string(least) + " and " + std::to_string(most));
}

}  // namespace

void admit_caller(Context& context, const Identity& caller, bool guests) {
  if (caller.guest && !guests) throw Error{ErrorCode::unauthorized, "a token is needed"};
  context.users.demand_active(caller);
  context.users.seen(caller);
}

void demand_no_join_token(const Identity& caller) {
  if (read_pass(caller)) throw Error{ErrorCode::permission_denied, "a join token is for its meeting alone"};
}

Paging paging_of(std::optional<std::int64_t> page, std::optional<std::int64_t> limit,
                 std::optional<std::int64_t> offset, const Options& options) {
  if (page && offset) refuse("page", "excludes offset");
  const std::int64_t most = options.page_limit;
  Paging paging{.limit = limit ? within("limit", *limit, 1, most) : std::min(kDefaultLimit, most)};
  if (offset) paging.offset = within("offset", *offset, 0, kMostOffset);
  if (page) paging.offset = (within("page", *page, 1, kMostOffset / most) - 1) * paging.limit;
  return paging;
}

json::object paging_json(const Paging& paging, std::size_t shown, std::int64_t total) {
  return {{"offset", paging.offset},
          {"limit", paging.limit},
          {"total", total},
          {"has_more", paging.offset + static_cast<std::int64_t>(shown) < total}};
}

void refuse(std::string_view path, std::string_view reason) {
  throw Error{ErrorCode::invalid_payload, std::string{path}.append(": ").append(reason), {{"path", path}}};
}

void refuse_below(const std::string& path, const Error& inner) {
  const json::value* found = inner.details().if_contains("path");
  if (inner.code() != ErrorCode::invalid_payload || found == nullptr || path.empty()) throw Error{inner};
  const std::string field{found->as_string()};
  const std::string reason = std::string{inner.what()}.substr(field.empty() ? 0 : field.size() + 2);
  refuse(field.empty() ? path : path + "." + field, reason);
}

}  // namespace sluice::meetings
