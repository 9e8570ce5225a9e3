#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/dispatch/client_session.h"
#include "core/dispatch/profile_session.h"

namespace sluice {

/// The answer to an event that came by an older name: older fields, perhaps an event that tells the result, and one
/// answer where the event stood for several.
/// @note Control thread only. Owners: the replies to the canonical events that it waits for.
class AliasAnswer {
 public:
  /// @param request  The client's data, as it was sent; what is to be repeated of it is copied.
  AliasAnswer(const Profile::Alias& alias, std::string event, std::optional<AckId> ack, const json::value& request);

  /// So many canonical events are to be answered, at least one: the first error is the answer, else the last success.
  void expect(std::size_t calls) noexcept { waiting_ = calls; }

  void ok(ClientSession& client, const json::value& data);
  void fail(ClientSession& client, const Error& error);

 private:
  [[nodiscard]] Error with_older_path(const Error& error) const;

  const Profile::Alias& alias_;
  std::string event_;
  std::optional<AckId> ack_;
  json::object echo_;
  ProfileContext context_;
  std::size_t waiting_ = 1;
  bool failed_ = false;
};

}  // namespace sluice
