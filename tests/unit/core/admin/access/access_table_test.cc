#include "core/admin/access/access_table.h"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sluice::admin {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'000'000s};

KnownToken token(const std::string& text, const std::string& name, Role role, const std::string& id = {}) {
  return {.digest = digest_of(text), .name = name, .role = role, .id = id, .expires_at = {}};
}

net::HttpRequest bearing(const std::string& text) {
  net::HttpRequest request;
  request.headers.set("Authorization", "Bearer " + text);
  return request;
}

net::HttpRequest certified(std::string common_name, std::vector<std::string> names = {}) {
  net::HttpRequest request;
  request.peer = std::make_shared<const net::TlsPeer>(
      net::TlsPeer{.common_name = std::move(common_name), .names = std::move(names)});
  return request;
}

AccessRules with_certificates() {
  AccessRules rules;
  rules.certificates = {
      .in_use = true, .roles = {{"ann", Role::read}, {"ops.example.org", Role::write}}, .default_role = {}};
  return rules;
}

ErrorCode refused(const AccessTable& table, const net::HttpRequest& request, WallTime now = kNow) {
  const auto caller = table.recognise(request, now);
  REQUIRE(!caller.has_value());
  return caller.error().code();
}

}  // namespace

TEST_CASE("who shows a token is whom it belongs to, with its role") {
  AccessRules rules;
  rules.tokens = {token("configured", "grafana", Role::read)};
  const AccessTable table{rules, {token("kept", "ann", Role::write, "t1")}};

  const auto grafana = table.recognise(bearing("configured"), kNow);
  REQUIRE(grafana.has_value());
  CHECK(grafana->name == "grafana");
  CHECK(grafana->role == Role::read);
  CHECK(grafana->by == ShownBy::token);
  CHECK(grafana->token_id.empty());

  const auto ann = table.recognise(bearing("kept"), kNow);
  REQUIRE(ann.has_value());
  CHECK(ann->name == "ann");
  CHECK(ann->token_id == "t1");

  CHECK(refused(table, bearing("kept ")) == ErrorCode::unauthorized);
  CHECK(refused(table, bearing(to_hex(digest_of("kept")))) == ErrorCode::unauthorized);  // what is kept opens nothing
  CHECK(refused(table, {}) == ErrorCode::unauthorized);
}

TEST_CASE("a token ends at its time") {
  AccessRules rules;
  rules.tokens = {token("configured", "admin", Role::write)};
  auto short_lived = token("kept", "ann", Role::write, "t1");
  short_lived.expires_at = kNow + 1s;
  const AccessTable table{rules, {short_lived}};
  CHECK(table.recognise(bearing("kept"), kNow).has_value());
  CHECK(refused(table, bearing("kept"), kNow + 1s) == ErrorCode::token_expired);
}

TEST_CASE("a certificate has the role of its names, and its common name is who it is") {
  const AccessTable table{with_certificates(), {}};
  const auto ann = table.recognise(certified("ann"), kNow);
  REQUIRE(ann.has_value());
  CHECK(ann->name == "ann");
  CHECK(ann->role == Role::read);
  CHECK(ann->by == ShownBy::certificate);

  SUBCASE("where several names match, the one that may more counts") {
    CHECK(table.recognise(certified("ann", {"ops.example.org"}), kNow)->role == Role::write);
  }
  SUBCASE("without a common name it is its first other one") {
    const auto ops = table.recognise(certified("", {"ops.example.org", "x"}), kNow);
    REQUIRE(ops.has_value());
    CHECK(ops->name == "ops.example.org");
  }
  SUBCASE("a name without a role is refused") {
    CHECK(refused(table, certified("eve")) == ErrorCode::permission_denied);
  }
  SUBCASE("unless there is a role for all") {
    AccessRules rules = with_certificates();
    rules.certificates.default_role = Role::read;
    CHECK((AccessTable{rules, {}}.recognise(certified("eve"), kNow)->role) == Role::read);
  }
  SUBCASE("a certificate that names nobody is refused") {
    CHECK(refused(table, certified("")) == ErrorCode::unauthorized);
  }
  SUBCASE("a shown token counts before it, and a wrong one is not mended by it") {
    auto request = certified("ann");
    request.headers.set("Authorization", "Bearer wrong");
    CHECK(refused(table, request) == ErrorCode::unauthorized);
  }
  SUBCASE("who shows neither is not let in, loopback or not") {
    net::HttpRequest request;
    request.headers.set("Host", "localhost");
    CHECK(refused(table, request) == ErrorCode::unauthorized);
  }
}

TEST_CASE("a certificate says nothing where certificates are not in use") {
  AccessRules rules;
  rules.tokens = {token("configured", "admin", Role::write)};
  CHECK(refused(AccessTable{rules, {}}, certified("ann")) == ErrorCode::unauthorized);
}

TEST_CASE("without credentials in the configuration this machine may write, as admin") {
  const AccessTable table{AccessRules{}, {}};
  const auto caller = table.recognise({}, kNow);
  REQUIRE(caller.has_value());
  CHECK(caller->name == "admin");
  CHECK(caller->role == Role::write);
  CHECK(caller->by == ShownBy::loopback);
  CHECK(table.recognise(bearing("whatever"), kNow).has_value());  // no token is known that it could be

  SUBCASE("and a token of the store is the one it is") {
    const AccessTable with_operator{AccessRules{}, {token("kept", "ann", Role::read, "t1")}};
    CHECK(with_operator.recognise({}, kNow)->by == ShownBy::loopback);
    CHECK(with_operator.recognise(bearing("kept"), kNow)->role == Role::read);
    CHECK(refused(with_operator, bearing("whatever")) == ErrorCode::unauthorized);
  }
}

TEST_CASE("GET and HEAD need the role read, everything else write, and so does a copy of the store") {
  const Caller reader{.name = "ann", .role = Role::read, .by = ShownBy::token, .token_id = "t1"};
  const Caller writer{.name = "ben", .role = Role::write, .by = ShownBy::token, .token_id = {}};
  net::HttpRequest request;
  request.path = "/admin/v1/rooms";
  for (const auto method : {net::HttpMethod::get, net::HttpMethod::head, net::HttpMethod::post, net::HttpMethod::put,
                            net::HttpMethod::patch, net::HttpMethod::delete_, net::HttpMethod::options}) {
    request.method = method;
    const bool looks = method == net::HttpMethod::get || method == net::HttpMethod::head;
    CHECK(admit(reader, request).has_value() == looks);
    CHECK(admit(writer, request).has_value());
  }
  request.method = net::HttpMethod::get;
  request.path = "/admin/v1/store/backups";
  CHECK(admit(reader, request).has_value());
  request.path = "/admin/v1/store/backups/sluice-20260730T100500.000Z.db";
  const auto refusal = admit(reader, request);
  REQUIRE(!refusal.has_value());
  CHECK(refusal.error().code() == ErrorCode::permission_denied);
  CHECK(refusal.error().details() == json::object{{"requiredRole", "write"}, {"currentRole", "read"}});
  CHECK(admit(writer, request).has_value());
}

TEST_CASE("routes see who asks, with what role, and how it was shown") {
  const Caller ann{.name = "ann", .role = Role::read, .by = ShownBy::token, .token_id = "t1"};
  const auto identity = admit(ann, {});
  REQUIRE(identity.has_value());
  CHECK(identity->user_id == "ann");
  CHECK(identity->role == "read");
  CHECK(identity->claims == json::object{{"by", "token"}, {"tokenId", "t1"}});
}

TEST_CASE("a digest is read as it was written, and nothing else is") {
  const TokenDigest digest = digest_of("abc");  // FIPS 180-2, appendix B.1
  CHECK(to_hex(digest) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  REQUIRE(digest_from_hex(to_hex(digest)).has_value());
  CHECK(same(*digest_from_hex(to_hex(digest)), digest));
  CHECK(!same(digest, digest_of("abd")));
  for (const std::string& text : {std::string{}, std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')}) {
    CHECK(!digest_from_hex(text).has_value());
  }
}

}  // namespace sluice::admin
