#include "policy.h"

#include <algorithm>
#include <string>
#include <utility>

#include "sluice/error.h"
#include "text.h"

namespace sluice::meetings {

namespace {

constexpr int kMostParticipants = 100'000;
constexpr std::string_view kBelow = "*.";

bool equal_without_case(std::string_view a, std::string_view b) { return lower(a) == lower(b); }

bool is_label_character(char c) noexcept {
  // Bytes above ASCII: an internationalised domain, as people write it.
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) > 127;
}

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw Error{ErrorCode::invalid_payload, path + ": " + reason, {{"path", path}}};
}

std::optional<std::string> domain_problem(const std::vector<std::string>& domains) {
  for (const std::string& domain : domains) {
    if (!is_domain_pattern(domain)) return "has '" + domain + "', which is no domain (example.org, *.example.org)";
  }
  return std::nullopt;
}

bool of_allowed_domain(const SecurityPolicy& policy, const Identity& who) {
  if (policy.allowed_domains.empty()) return true;
  return std::ranges::any_of(policy.allowed_domains,
                             [&](const std::string& domain) { return domain_matches(domain, who.email); });
}

void tighten(RoomPolicy& room, Permission permission, LeastRole least) {
  const auto [entry, added] = room.least_role.emplace(permission, least);
  if (added || !entry->second) return;                           // nobody: nothing is stricter
  if (!least || *least < *entry->second) entry->second = least;  // roles count down from the host
}

void keep_once(std::vector<std::string>& texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
}

std::vector<std::string> checked_texts(std::vector<std::string> texts, const std::string& path, std::size_t most,
                                       std::size_t most_bytes) {
  if (texts.size() > most) refuse(path, "at most " + std::to_string(most) + " entries");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string here = path + "[" + std::to_string(i) + "]";
    if (texts[i].size() > most_bytes) refuse(here, "at most " + std::to_string(most_bytes) + " bytes");
    texts[i] = sanitise_text(texts[i]);
    if (texts[i].empty()) refuse(here, "must not be empty");
  }
  keep_once(texts);
  return texts;
}

}  // namespace

LeastRole least_role(WhoMay who) noexcept {
  if (who == WhoMay::nobody) return std::nullopt;
  return static_cast<Role>(who);  // the same order, with nobody at the end
}

static_assert(static_cast<int>(WhoMay::host) == static_cast<int>(Role::host));
static_assert(static_cast<int>(WhoMay::viewer) == static_cast<int>(Role::viewer));

Schema<SecurityPolicy> SecurityPolicy::schema() {
  return Schema<SecurityPolicy>{"Who may come to meetings, and what may be done there."}
      .option("require_waiting_room", &SecurityPolicy::require_waiting_room, "Whoever joins waits to be admitted.")
      .option("allow_anonymous_join", &SecurityPolicy::allow_anonymous_join, "People without an account may join.")
      .option("max_participants", &SecurityPolicy::max_participants, "Most participants of a meeting.",
              range(1, kMostParticipants))
      .option("allowed_domains", &SecurityPolicy::allowed_domains,
              "Domains of e-mail addresses; empty: all. `*.example.org`: all below it.", max_items(kMaxDomains),
              check("domains", domain_problem))
      .option("blocked_users", &SecurityPolicy::blocked_users, "User ids or e-mail addresses.", max_items(kMaxBlocked))
      .option("enable_end_to_end_encrypt", &SecurityPolicy::enable_end_to_end_encrypt,
              "Clients encrypt for each other: there is no recording and no streaming.")
      .option("recording_permissions", &SecurityPolicy::recording_permissions, "The least role that may record.")
      .option("screen_share_permissions", &SecurityPolicy::screen_share_permissions,
              "The least role that may share a screen.")
      .option("chat_permissions", &SecurityPolicy::chat_permissions, "The least role that may chat.");
}

bool is_domain_pattern(std::string_view text) noexcept {
  if (text.starts_with(kBelow)) text.remove_prefix(kBelow.size());
  if (text.empty() || text.size() > SecurityPolicy::kMaxDomainBytes) return false;
  if (text.front() == '.' || text.back() == '.' || text.find("..") != std::string_view::npos) return false;
  return std::ranges::all_of(text, [](char c) { return c == '.' || is_label_character(c); });
}

bool domain_matches(std::string_view domain, std::string_view email) {
  const std::size_t at = email.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view host = email.substr(at + 1);
  if (!domain.starts_with(kBelow)) return equal_without_case(domain, host);
  const std::string_view suffix = domain.substr(1);  // with the dot
  return host.size() > suffix.size() && equal_without_case(host.substr(host.size() - suffix.size()), suffix);
}

bool is_blocked(const SecurityPolicy& policy, const Identity& who) {
  return std::ranges::any_of(policy.blocked_users, [&](const std::string& name) {
    return name == who.user_id || (!who.email.empty() && equal_without_case(name, who.email));
  });
}

std::vector<PolicyRefusal> refusals(const SecurityPolicy& policy, const Identity& who) {
  std::vector<PolicyRefusal> out;
  if (is_blocked(policy, who)) out.push_back(PolicyRefusal::blocked);
  if (who.guest && !policy.allow_anonymous_join.value_or(true)) out.push_back(PolicyRefusal::anonymous_not_allowed);
  if (!of_allowed_domain(policy, who)) out.push_back(PolicyRefusal::domain_not_allowed);
  return out;
}

std::string_view explain(PolicyRefusal refusal) noexcept {
  switch (refusal) {
    case PolicyRefusal::blocked:
      return "you are blocked here";
    case PolicyRefusal::domain_not_allowed:
      return "people of your e-mail domain are not admitted";
    case PolicyRefusal::anonymous_not_allowed:
      return "people without an account are not admitted";
  }
  return "the security policy says no";
}

void apply(const SecurityPolicy& policy, RoomPolicy& room) {
  if (policy.require_waiting_room.value_or(false)) room.waiting_room = true;
  const auto may = [&room](std::optional<WhoMay> who, Permission permission) {
    if (who) tighten(room, permission, least_role(*who));
  };
  may(policy.recording_permissions, Permission::record);
  may(policy.screen_share_permissions, Permission::share_screen);
  may(policy.chat_permissions, Permission::chat);
  may(policy.chat_permissions, Permission::chat_private);
  if (!policy.enable_end_to_end_encrypt) return;
  // What the gateway cannot read it cannot record or pass on.
  tighten(room, Permission::record, std::nullopt);
  tighten(room, Permission::stream, std::nullopt);
}

std::optional<int> tighter(std::optional<int> a, std::optional<int> b) noexcept {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

SecurityPolicy checked(SecurityPolicy policy) {
  if (policy.max_participants && (*policy.max_participants < 1 || *policy.max_participants > kMostParticipants)) {
    refuse("max_participants", "must be between 1 and " + std::to_string(kMostParticipants));
  }
  policy.allowed_domains = checked_texts(std::move(policy.allowed_domains), "allowed_domains",
                                         SecurityPolicy::kMaxDomains, SecurityPolicy::kMaxDomainBytes);
  for (std::size_t i = 0; i < policy.allowed_domains.size(); ++i) {
    std::string& domain = policy.allowed_domains[i];
    domain = lower(domain);
    if (!is_domain_pattern(domain)) refuse("allowed_domains[" + std::to_string(i) + "]", "must be a domain");
  }
  keep_once(policy.allowed_domains);
  policy.blocked_users =
      checked_texts(std::move(policy.blocked_users), "blocked_users", SecurityPolicy::kMaxBlocked, Identity::kMaxBytes);
  return policy;
}

}  // namespace sluice::meetings
