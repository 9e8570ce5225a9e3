#include "core/admin/access/admin_gate.h"

#include <algorithm>
#include <utility>

namespace sluice::admin {

namespace {

constexpr double kSecondsPerMinute = 60;

}  // namespace

AdminGate::AdminGate(AccessRules rules, std::uint32_t wrong_tokens_per_minute, Parts parts)
    : rules_{std::move(rules)},
      clock_{parts.clock},
      log_{parts.log},
      wrong_{parts.metrics.counter("wrong_tokens_total", "Requests to the admin listener with an unknown token.")},
      table_{std::make_shared<const AccessTable>(rules_, std::vector<KnownToken>{})},
      wrong_tokens_{{.per_second = wrong_tokens_per_minute / kSecondsPerMinute,
                     .burst = static_cast<double>(wrong_tokens_per_minute)},
                    kMaxAddresses} {}

Result<Identity, Error> AdminGate::authorize(const net::HttpRequest& request) {
  if (auto refusal = blocked(request)) return *std::move(refusal);
  const WallTime now = clock_.wall_time();
  const Result<Caller, Error> caller = table()->recognise(request, now);
  if (!caller) {
    const bool guess = !request.bearer_token().empty() && caller.error().code() == ErrorCode::unauthorized;
    if (guess) count_wrong(request);
    return caller.error();
  }
  if (!caller->token_id.empty()) note_seen(caller->token_id, now);
  return admit(*caller, request);
}

Result<Caller, Error> AdminGate::recognise(const net::HttpRequest& request) const {
  return table()->recognise(request, clock_.wall_time());
}

void AdminGate::keep_tokens(std::vector<KnownToken> tokens) {
  auto next = std::make_shared<const AccessTable>(rules_, std::move(tokens));
  const std::lock_guard lock{mutex_};
  std::swap(table_, next);
}

bool AdminGate::is_configured(std::string_view name) const noexcept {
  return std::ranges::find(rules_.tokens, name, &KnownToken::name) != rules_.tokens.end();
}

std::map<std::string, WallTime> AdminGate::take_seen() {
  const std::lock_guard lock{mutex_};
  return std::exchange(seen_, {});
}

std::shared_ptr<const AccessTable> AdminGate::table() const {
  const std::lock_guard lock{mutex_};
  return table_;
}

std::optional<Error> AdminGate::blocked(const net::HttpRequest& request) {
  if (request.bearer_token().empty()) return std::nullopt;
  const std::lock_guard lock{mutex_};
  const Duration wait = wrong_tokens_.wait(net::limit_key(request.remote), clock_.now());
  if (wait <= Duration::zero()) return std::nullopt;
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  return Error{
      ErrorCode::rate_limited, "too many wrong tokens came from this address", {{"retryAfterMs", milliseconds}}};
}

void AdminGate::count_wrong(const net::HttpRequest& request) {
  wrong_.add();
  const std::string key = net::limit_key(request.remote);
  bool last = false;
  {
    const std::lock_guard lock{mutex_};
    const Instant now = clock_.now();
    static_cast<void>(wrong_tokens_.allow(key, now));
    last = wrong_tokens_.wait(key, now) > Duration::zero();
  }
  if (last)
    log_.warning("too many wrong tokens: no token is looked at for a while", {{"address", request.remote.ip()}});
}

void AdminGate::note_seen(const std::string& token_id, WallTime now) {
  const std::lock_guard lock{mutex_};
  seen_[token_id] = now;
}

}  // namespace sluice::admin
