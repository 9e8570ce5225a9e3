#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/admin/access/access_table.h"
#include "core/base/clock.h"
#include "core/net/rate_limiter.h"
#include "sluice/log.h"
#include "sluice/metrics.h"

namespace sluice::admin {

/// Who may use the admin listener now: a table that the control thread replaces, and a bound on wrong tokens.
///
/// Once an address (IPv6: a /64) has shown too many wrong tokens, its tokens are not looked at for a while, right ones
/// neither: otherwise one could go on trying. Who shows none, or a certificate, is not concerned.
///
/// @note Every method is safe from any thread: net threads ask for /metrics, the control thread for all else.
class AdminGate {
 public:
  static constexpr std::size_t kMaxAddresses = 4'096;

  struct Parts {
    const Clock& clock;
    Log& log;
    Metrics& metrics;
  };

  AdminGate(AccessRules rules, std::uint32_t wrong_tokens_per_minute, Parts parts);

  /// Errors: those of AccessTable::recognise and `admit`, rate_limited {retryAfterMs}.
  [[nodiscard]] Result<Identity, Error> authorize(const net::HttpRequest& request);
  /// Who asks, without consequences: for the audit trail of what was refused.
  [[nodiscard]] Result<Caller, Error> recognise(const net::HttpRequest& request) const;

  /// The tokens of the store from now on; those that are not among them are refused at once.
  void keep_tokens(std::vector<KnownToken> tokens);
  /// Whether the configuration has a token of this name.
  [[nodiscard]] bool is_configured(std::string_view name) const noexcept;
  /// When the tokens of the store were shown since the last call, by their ids.
  [[nodiscard]] std::map<std::string, WallTime> take_seen();

 private:
  [[nodiscard]] std::shared_ptr<const AccessTable> table() const;
  /// Nothing: its tokens are looked at.
  [[nodiscard]] std::optional<Error> blocked(const net::HttpRequest& request);
  void count_wrong(const net::HttpRequest& request);
  void note_seen(const std::string& token_id, WallTime now);

  const AccessRules rules_;
  const Clock& clock_;
  Log& log_;
  Counter& wrong_;
  mutable std::mutex mutex_;  // guards the three below, for a look-up
  // Owners: the gate and each request that looks into it.
  std::shared_ptr<const AccessTable> table_;
  net::RateLimiter wrong_tokens_;
  std::map<std::string, WallTime> seen_;  // at most one entry per token of the table
};

}  // namespace sluice::admin
