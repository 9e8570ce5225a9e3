#include "core/media/engine/offered_ice_server.h"

#include <doctest/doctest.h>

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{std::chrono::seconds{1'700'000'000}};

}  // namespace

TEST_CASE("of a shared secret each user gets credentials that end, draft-uberti-behave-turn-rest-00 section 2.2") {
  const OfferedIceServer offered{
      .server = {.urls = {"turn:turn.example.org"}}, .secret = Secret{"north"}, .lifetime = 1h};
  const IceServer ada = offered.for_user("ada", kNow);
  CHECK(ada.urls == std::vector<std::string>{"turn:turn.example.org"});
  CHECK(ada.username == "1700003600:ada");
  // By Python: base64.b64encode(hmac.digest(b"north", b"1700003600:ada", "sha1"))
  CHECK(ada.credential == "xnSlQG4JwD6eDlwPBFdbTt6sTJk=");
  CHECK(offered.for_user("ben", kNow).credential != ada.credential);
  CHECK(offered.for_user("ada", kNow + 900ms).username == "1700003600:ada");
  CHECK(offered.for_user("ada", kNow + 1s).username == "1700003601:ada");
}

TEST_CASE("of a user id only what every TURN server takes goes into the user name, and not too much of it") {
  const OfferedIceServer offered{.server = {.urls = {"turn:t"}}, .secret = Secret{"north"}, .lifetime = 0s};
  const auto name = [&](const std::string& user) { return offered.for_user(user, kNow).username.value(); };
  CHECK(name("ada.l-1_x~") == "1700000000:ada.l-1_x~");
  CHECK(name("a b:\"\u00f6") == "1700000000:a%20b%3A%22%C3%B6");
  CHECK(name(std::string(256, ' ')).size() < 300);
}

TEST_CASE("without a shared secret everybody is told the same") {
  const IceServer turn{.urls = {"turn:t"}, .username = "me", .credential = "pw"};
  const IceServer stun{.urls = {"stun:s"}};
  CHECK(OfferedIceServer{.server = turn}.for_user("ada", kNow) == turn);
  CHECK(OfferedIceServer{.server = stun}.for_user("ada", kNow) == stun);
}

}  // namespace sluice
