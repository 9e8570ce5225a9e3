#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "context.h"
#include "responder.h"
#include "session.h"
#include "sluice/http.h"

namespace sluice::whip {

/// The sessions of both doors, by the id in their URLs.
class SessionTable {
 public:
  explicit SessionTable(Context& context) noexcept : context_{context} {}

  /// Begins a session, which answers `reply` in its time. Throws Error{limit_exceeded, draining} and leaves `reply`.
  void open(Door door, const HttpRequest& request, Responder& reply);
  /// The session that the path names. Throws Error{not_found}, and Error{permission_denied} where the caller is not the
  /// one it was made for.
  [[nodiscard]] Session& find(Door door, const HttpRequest& request);
  /// Destroys it; nothing of it may be touched after that.
  void end(Session& session, std::string_view reason);
  /// No more sessions.
  void drain() noexcept { draining_ = true; }
  void end_all();

  [[nodiscard]] std::size_t size() const noexcept { return sessions_.size(); }
  /// One page of reports, in no particular order that means anything, but always the same one.
  [[nodiscard]] json::array report(std::size_t offset, std::size_t limit) const;

 private:
  void demand_room(const HttpRequest& request) const;
  void count(Door door, int change);

  Context& context_;
  std::map<std::string, std::unique_ptr<Session>, std::less<>> sessions_;
  std::unordered_map<std::string, int> per_address_;
  bool draining_ = false;
};

}  // namespace sluice::whip
