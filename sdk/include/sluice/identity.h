#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Who a client is: the claims of its verified token, or a guest. A value; it never changes while a client is
/// connected.
///
/// Every string is valid UTF-8 without control characters and at most `kMaxBytes` long, whatever the token held: it may
/// be shown, logged and stored as it is (a page still escapes it, as it escapes everything).
struct Identity {
  static constexpr std::size_t kMaxBytes = 256;

  /// The issuer's name for the user (claim `sub` unless configured otherwise); for a guest a fresh `guest-...` name.
  /// Unique within `tenant`. Never empty.
  std::string user_id;
  /// What others are shown; empty where the token says nothing.
  std::string name{};
  std::string email{};
  /// The organisation (campus, customer) whose users may meet each other; empty where there is only one.
  std::string tenant{};
  /// The issuer's word for the kind of user (`teacher`, `student`); free text, policy may refer to it.
  std::string user_type{};
  /// The role that the token grants (`host`, `co_host`, ...), if it names one. Unchecked against the table of roles.
  std::optional<std::string> role{};
  /// Admitted without a token, or by one of the gateway's own for a guest (sluice/tokens.h). Without a token `claims`
  /// are empty.
  bool guest = false;
  /// Every claim of the verified token, as its issuer wrote it, unsanitised.
  boost::json::object claims{};
};

/// `text` fit to be shown and logged: control characters (C0, DEL, C1), line separators and the bidirectional overrides
/// removed, invalid UTF-8 replaced by U+FFFD, blanks trimmed at both ends, cut at a character's boundary to at most
/// `max_bytes`.
[[nodiscard]] std::string sanitise_text(std::string_view text, std::size_t max_bytes = Identity::kMaxBytes);

}  // namespace sluice
