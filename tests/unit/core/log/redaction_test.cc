#include "core/log/redaction.h"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>

namespace sluice {

TEST_CASE("names of secrets are known in every spelling, and others are left alone") {
  for (const char* name :
       {"token",         "joinToken",     "access_token", "reconnect-token", "TOKEN",      "password",
        "key",           "streamKey",     "stream_key",   "api-key",         "secret",     "client_secret",
        "authorization", "Authorization", "credential",   "cookie",          "set-cookie", "ice-pwd",
        "passphrase",    "sdp",           "localSdp"}) {
    CAPTURE(name);
    CHECK(names_a_secret(name));
  }
  for (const char* name : {"tokens", "keys", "monkey", "keyframe", "room", "participant", "error", "secrets_kept", "",
                           "ey", "keyId", "passwords"}) {
    CAPTURE(name);
    CHECK(!names_a_secret(name));
  }
}

TEST_CASE("a secret is hidden wherever it stands in a value") {
  CHECK(redacted("token", json::value("abc")) == "***");
  CHECK(redacted("token", json::value(5)) == "***");
  CHECK(redacted("n", json::value(5)) == 5);
  const json::value nested{{"list", json::array{json::object{{"password", "abc"}, {"name", "n"}}}}};
  CHECK(redacted("x", nested) == json::value{{"list", json::array{json::object{{"password", "***"}, {"name", "n"}}}}});
  json::value deep = "abc";
  for (int i = 0; i < 20; ++i) {
    json::array outer;
    outer.push_back(deep);
    deep = json::value(std::move(outer));
  }
  const json::value shallow = redacted("x", deep);
  const json::value* at = &shallow;
  while (at->is_array()) at = &at->as_array().front();
  CHECK(*at == "***");
}

TEST_CASE("secrets within texts are hidden") {
  struct Case {
    const char* text;
    const char* logged;
  };
  const Case cases[] = {
      {"nothing to hide", "nothing to hide"},
      {"", ""},
      {"Authorization: Bearer abc.def", "Authorization: Bearer ***"},
      {"/ws?token=abc&room=x", "/ws?token=***&room=x"},
      {"/ws?TOKEN=abc", "/ws?TOKEN=***"},
      {"token=abc token=def", "token=*** token=***"},
      {"token=", "token="},
      {"{\"password=abc\"}", "{\"password=***\"}"},
      {"rtmp://user:abc@host/app", "rtmp://user:***@host/app"},
      {"rtmp://user@host:1935/app", "rtmp://user@host:1935/app"},
      {"http://host/a:b@c", "http://host/a:b@c"},
      {"from http://a:b@c to http://d:e@f", "from http://a:***@c to http://d:***@f"},
  };
  for (const Case& expected : cases) CHECK(redacted_text(expected.text) == expected.logged);
}

}  // namespace sluice
