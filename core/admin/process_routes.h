#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/admin/admin_site.h"

namespace sluice {

/// What signals do to the process, over HTTP: GET and POST /admin/v1/drain (SIGTERM), POST /admin/v1/reload (SIGHUP).
/// @note Control thread only; outlives the routes of `site`.
class ProcessRoutes {
 public:
  static constexpr std::chrono::milliseconds kLongestDrain = std::chrono::hours{24};

  struct Drain {
    bool draining = false;
    std::chrono::milliseconds left{};      ///< until it stops in any case; while it drains
    std::vector<std::string> waiting_for;  ///< plugins that would lose something
  };
  struct Parts {
    std::function<Drain()> drain_state;
    /// Begins it, for so long at most; without a time as configured.
    std::function<void(std::optional<std::chrono::milliseconds>)> drain;
    /// What was put into force; throws Error{conflict} {problems} where the configuration has mistakes.
    std::function<json::object()> reload;
  };

  ProcessRoutes(AdminSite& site, Parts parts);

 private:
  void drain(const HttpRequest& request, HttpReply reply);
  void answer_drain(HttpReply reply) const;

  Parts parts_;
  Log& log_;
};

}  // namespace sluice
