#include "plugins/whip/http_text.h"

#include <doctest/doctest.h>

#include <array>

namespace sluice::whip {

TEST_CASE("a room's name becomes one segment of a path") {
  CHECK(path_segment("Lobby-1_a.b~") == "Lobby-1_a.b~");
  CHECK(path_segment("a/b c%\xC3\xA9") == "a%2Fb%20c%25%C3%A9");
}

TEST_CASE("a Link value cannot be left by what stands in it") {
  const IceServer server{.urls = {"turn:t"}, .username = "a\r\nb\\", .credential = "\"; rel=\"x"};
  CHECK(link_header(std::array{server}) ==
        "<turn:t>; rel=\"ice-server\"; username=\"ab\\\\\"; credential=\"\\\"; rel=\\\"x\"; "
        "credential-type=\"password\"");
  CHECK(link_header({}).empty());
}

}  // namespace sluice::whip
