#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "meeting.h"
#include "sluice/config.h"
#include "sluice/contracts/rooms.h"
#include "sluice/identity.h"

namespace sluice::meetings {

[[nodiscard]] LeastRole least_role(WhoMay who) noexcept;

/// Why somebody may not come.
enum class PolicyRefusal : std::uint8_t { blocked, domain_not_allowed, anonymous_not_allowed };
BOOST_DESCRIBE_ENUM(PolicyRefusal, blocked, domain_not_allowed, anonymous_not_allowed)

[[nodiscard]] bool is_blocked(const SecurityPolicy& policy, const Identity& who);
[[nodiscard]] std::vector<PolicyRefusal> refusals(const SecurityPolicy& policy, const Identity& who);
[[nodiscard]] std::string_view explain(PolicyRefusal refusal) noexcept;

/// Whether a domain, or one above it by `*.`, is that of the address. Without regard to case.
[[nodiscard]] bool domain_matches(std::string_view domain, std::string_view email);
/// `example.org` or `*.example.org`.
[[nodiscard]] bool is_domain_pattern(std::string_view text) noexcept;

/// What a room has to know of a policy, on top of what stands there: a permission becomes stricter, never laxer.
void apply(const SecurityPolicy& policy, RoomPolicy& room);
/// The smaller of the limits that there are.
[[nodiscard]] std::optional<int> tighter(std::optional<int> a, std::optional<int> b) noexcept;

/// The policy as it came from a client, fit to be kept: texts trimmed, domains in lower case, nothing twice. Throws
/// Error{invalid_payload} with the field's path.
[[nodiscard]] SecurityPolicy checked(SecurityPolicy policy);

}  // namespace sluice::meetings
