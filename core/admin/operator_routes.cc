#include "core/admin/operator_routes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/admin/admin_body.h"
#include "core/admin/admin_operations.h"
#include "sluice/json_schema.h"
#include "sluice/result.h"
#include "sluice/utc_text.h"

namespace sluice {

namespace {

using namespace std::chrono_literals;
using admin::Change;

constexpr std::size_t kMaxName = 64;
constexpr int kTokenBits = 256;
constexpr int kIdBits = 64;
constexpr std::string_view kTokenPrefix = "sluice_admin_";  // so that scanners of source trees find one that got there
constexpr std::int64_t kLongestLifeSeconds = 10LL * 366 * 24 * 3600;
constexpr Duration kSeenInterval = 1min;

struct NewOperator {
  Text<kMaxName> name;
  admin::Role role = admin::Role::read;
};
BOOST_DESCRIBE_STRUCT(NewOperator, (), (name, role))

struct TokenWish {
  std::optional<std::int64_t> expires_in_seconds;
  std::optional<Text<200>> note;
};
BOOST_DESCRIBE_STRUCT(TokenWish, (), (expires_in_seconds, note))

struct IssuedToken {
  std::string id;
  std::string token;
  std::string note;
  std::optional<std::string> expires_at;
};
BOOST_DESCRIBE_STRUCT(IssuedToken, (), (id, token, note, expires_at))

struct OperatorList {
  std::vector<admin::Operator> operators;
};
BOOST_DESCRIBE_STRUCT(OperatorList, (), (operators))

struct TokenList {
  std::vector<admin::OperatorToken> tokens;
};
BOOST_DESCRIBE_STRUCT(TokenList, (), (tokens))

// What stands in a path, a log and a table as it is.
void check_name(const std::string& name) {
  const auto allowed = [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || std::string_view{"._@-"}.find(c) != std::string_view::npos;
  };
  if (!name.empty() && std::ranges::all_of(name, allowed)) return;
  throw Error{ErrorCode::invalid_payload, "name: letters, digits, '.', '_', '@' and '-'", {{"path", "name"}}};
}

std::string parameter(const HttpRequest& request, std::string_view name) {
  return request.path_parameters.find(name)->second;
}

TokenWish wish_of(const HttpRequest& request) {
  const auto wish = request.body.empty() ? TokenWish{} : admin::body_of<TokenWish>(request);
  const std::int64_t seconds = wish.expires_in_seconds.value_or(1);
  if (seconds >= 1 && seconds <= kLongestLifeSeconds) return wish;
  throw Error{ErrorCode::invalid_payload, "expiresInSeconds: 1 second to 10 years", {{"path", "expiresInSeconds"}}};
}

Error refusal(Change change) {
  if (change == Change::exists) return Error{ErrorCode::conflict, "an operator of this name is there already"};
  if (change == Change::missing) return Error{ErrorCode::not_found, "there is no such operator or token"};
  return Error{ErrorCode::limit_exceeded,
               "there are too many of them; delete some",
               {{"operators", admin::kMaxOperators},
                {"tokensOfOperator", admin::kMaxTokensOfOperator},
                {"tokens", admin::kMaxTokens}}};
}

void no_content(HttpReply reply) { reply.send({.status = 204, .content_type = {}, .body = {}, .headers = {}}); }

}  // namespace

struct OperatorRoutes::Changed {
  Change change = Change::made;
  std::vector<admin::KnownToken> tokens;
};

OperatorRoutes::OperatorRoutes(AdminSite& site, Parts parts)
    : parts_{std::move(parts)},
      log_{site.log()},
      seen_timer_{parts_.loop.every(kSeenInterval, [this] { keep_seen(); })} {
  parts_.store.read_at_start([this](StoreTransaction& store) { parts_.gate.keep_tokens(admin::known_tokens(store)); });
  add_routes(site);
  add_token_routes(site);
}

void OperatorRoutes::add_routes(AdminSite& site) {
  const json::object nothing;
  site.add("GET", "/operators", admin::operation("Who uses the admin API", schema_of<OperatorList>()),
           [this](const HttpRequest&, HttpReply reply) { list(std::move(reply)); });
  site.add("POST", "/operators",
           admin::operation("Adds an operator", schema_of<admin::Operator>(), schema_of<NewOperator>()),
           [this](const HttpRequest& request, HttpReply reply) { create(request, std::move(reply)); });
  site.add("DELETE", "/operators/{name}", admin::operation("Removes an operator and its tokens", nothing),
           [this](const HttpRequest& request, HttpReply reply) {
             change([name = parameter(request, "name")](
                        StoreTransaction& store) { return admin::remove_operator(store, name); },
                    std::move(reply), no_content);
           });
}

void OperatorRoutes::add_token_routes(AdminSite& site) {
  const json::object nothing;
  site.add("GET", "/operators/{name}/tokens", admin::operation("An operator's tokens", schema_of<TokenList>()),
           [this](const HttpRequest& request, HttpReply reply) { list_tokens(request, std::move(reply)); });
  site.add(
      "POST", "/operators/{name}/tokens",
      admin::operation("Makes a token, which is shown this once", schema_of<IssuedToken>(), schema_of<TokenWish>()),
      [this](const HttpRequest& request, HttpReply reply) { create_token(request, std::move(reply)); });
  site.add("DELETE", "/operators/{name}/tokens/{id}", admin::operation("Takes a token back", nothing),
           [this](const HttpRequest& request, HttpReply reply) {
             change([name = parameter(request, "name"), id = parameter(request, "id")](
                        StoreTransaction& store) { return admin::remove_token(store, name, id); },
                    std::move(reply), no_content);
           });
}

template <class Work>
void OperatorRoutes::change(Work work, HttpReply reply, Function<void(HttpReply)> made) {
  parts_.store.transact(
      [work = std::move(work)](StoreTransaction& store) mutable {
        Changed changed{.change = work(store), .tokens = {}};
        if (changed.change == Change::made) changed.tokens = admin::known_tokens(store);
        return changed;
      },
      lifeline_.guard([this, reply = std::move(reply), made = std::move(made)](JobResult<Changed> result) mutable {
        Changed& changed = result.value();
        if (changed.change != Change::made) return reply.fail(refusal(changed.change));
        parts_.gate.keep_tokens(std::move(changed.tokens));
        made(std::move(reply));
      }));
}

void OperatorRoutes::list(HttpReply reply) {
  if (!parts_.store.in_use()) return reply.json(to_json(OperatorList{}));
  parts_.store.transact(
      [](StoreTransaction& store) { return admin::operators(store); },
      lifeline_.guard([reply = std::move(reply)](JobResult<std::vector<admin::Operator>> all) mutable {
        reply.json(to_json(OperatorList{std::move(all.value())}));
      }));
}

void OperatorRoutes::create(const HttpRequest& request, HttpReply reply) {
  const auto wanted = admin::body_of<NewOperator>(request);
  check_name(wanted.name);
  if (parts_.gate.is_configured(wanted.name)) {
    throw Error{ErrorCode::conflict, "a token of the configuration has this name (http.admin)"};
  }
  const WallTime now = parts_.loop.wall_time();
  change([name = std::string{wanted.name}, role = wanted.role,
          now](StoreTransaction& store) { return admin::add_operator(store, name, role, now); },
         std::move(reply),
         [name = std::string{wanted.name}, role = wanted.role, now](HttpReply out) {
           const admin::Operator created{
               .name = name, .role = role, .created_at = utc_text(now), .last_seen_at = {}, .tokens = 0};
           out.json(to_json(created), 201);
         });
}

void OperatorRoutes::list_tokens(const HttpRequest& request, HttpReply reply) {
  if (!parts_.store.in_use()) throw refusal(Change::missing);
  using Tokens = std::optional<std::vector<admin::OperatorToken>>;
  parts_.store.transact(
      [name = parameter(request, "name")](StoreTransaction& store) { return admin::tokens_of(store, name); },
      lifeline_.guard([reply = std::move(reply)](JobResult<Tokens> tokens) mutable {
        if (!tokens.value()) return reply.fail(refusal(Change::missing));
        reply.json(to_json(TokenList{*std::move(tokens.value())}));
      }));
}

void OperatorRoutes::create_token(const HttpRequest& request, HttpReply reply) {
  const TokenWish wish = wish_of(request);
  const WallTime now = parts_.loop.wall_time();
  const std::string token = std::string{kTokenPrefix} + random_token(parts_.random, kTokenBits);
  admin::NewToken kept{.id = random_token(parts_.random, kIdBits),
                       .operator_name = parameter(request, "name"),
                       .digest = admin::digest_of(token),
                       .note = sanitise_text(wish.note.value_or("")),
                       .expires_at = {}};
  if (wish.expires_in_seconds) kept.expires_at = now + std::chrono::seconds{*wish.expires_in_seconds};
  IssuedToken issued{.id = kept.id, .token = token, .note = kept.note, .expires_at = {}};
  if (kept.expires_at) issued.expires_at = utc_text(*kept.expires_at);
  change([kept = std::move(kept), now](StoreTransaction& store) { return admin::add_token(store, kept, now); },
         std::move(reply), [issued = std::move(issued)](HttpReply out) { out.json(to_json(issued), 201); });
}

// Not at each request: nobody reads it to the second.
void OperatorRoutes::keep_seen() {
  auto seen = parts_.gate.take_seen();
  if (seen.empty()) return;
  try {
    parts_.store.transact(
        [seen = std::move(seen)](StoreTransaction& store) {
          admin::note_seen(store, seen);
          return Ok{};
        },
        [](const JobResult<Ok>&) {});  // the next minute's will do
  } catch (const Error& error) {
    log_.warning("when tokens were last seen is not kept", {{"error", error.what()}});
  }
}

}  // namespace sluice
