#include "core/net/static_files.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/net/content_type.h"

namespace sluice::net {

namespace fs = std::filesystem;

namespace {

/// A web page's directory beside a file that is none of it.
class Site {
 public:
  Site() {
    std::string name = (fs::temp_directory_path() / "sluice-site-XXXXXX").string();
    base_ = ::mkdtemp(name.data());
    fs::create_directories(base_ / "web/assets");
    fs::create_directories(base_ / "website");
    write("secret.txt", "secret");
    write("website/secret.txt", "secret");
    write("web/index.html", "<html>");
    write("web/assets/app.js", "js");
    write("web/.env", "secret");
    fs::create_symlink(base_ / "secret.txt", base_ / "web/link.txt");
    fs::create_symlink(base_, base_ / "web/up");
    fs::create_symlink(base_ / "website", base_ / "web/sibling");
    fs::create_symlink("assets/app.js", base_ / "web/inside.js");
  }
  ~Site() { fs::remove_all(base_); }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  void write(const std::string& path, std::string_view text) const { std::ofstream{base_ / path} << text; }
  [[nodiscard]] StaticOptions options(std::string mount = "/") const {
    return {.directory = (base_ / "web").string(), .mount = std::move(mount)};
  }

 private:
  fs::path base_;
};

HttpRequest get(std::string path) {
  HttpRequest request;
  request.path = std::move(path);
  return request;
}

}  // namespace

TEST_CASE("a path names a file below its mount, and the index where it ends with a slash") {
  struct Case {
    std::string_view mount;
    std::string_view path;
    std::string_view file;
  };
  const Case cases[] = {
      {"/", "/", "index.html"},
      {"/", "/a.js", "a.js"},
      {"/", "/a/b.js", "a/b.js"},
      {"/", "/a/", "a/index.html"},
      {"/app", "/app/", "index.html"},
      {"/app/", "/app/a/b", "a/b"},
      {"/", "/.well-known/x", ".well-known/x"},
  };
  for (const Case& expected : cases) {
    CAPTURE(expected.path);
    const auto mapped = map_static_path(expected.mount, expected.path);
    REQUIRE(mapped);
    CHECK(*mapped == expected.file);
  }
}

TEST_CASE("a path that could leave the directory is refused") {
  const std::string with_nul{"/a\0b", 4};
  for (const std::string& path :
       {std::string{"/.."}, std::string{"/../x"}, std::string{"/a/../../x"}, std::string{"/a//b"}, std::string{"/.env"},
        std::string{"/a/.git/config"}, std::string{"/..\\x"}, std::string{"/a\\..\\..\\x"}, std::string{"/c:/x"},
        with_nul, std::string{"/a\nb"}}) {
    CAPTURE(path);
    const auto mapped = map_static_path("/", path);
    REQUIRE(!mapped);
    CHECK(mapped.error() == StaticPathError::forbidden);
  }
  for (const std::string_view path : {"/", "/appendix", "/app", "app"}) {
    const auto mapped = map_static_path("/app", path);
    REQUIRE(!mapped);
    CHECK(mapped.error() == StaticPathError::outside_mount);
  }
}

TEST_CASE("a symbolic link that leaves the directory leads nowhere, one inside does") {
  const Site site;
  const StaticFiles files{site.options()};
  CHECK(files.answer(get("/inside.js")));
  for (const char* path : {"/link.txt", "/up/secret.txt", "/sibling/secret.txt", "/up/web/index.html/../../secret.txt",
                           "/.env", "/nothing", "/index.html/"}) {
    CAPTURE(path);
    CHECK(!files.answer(get(path)));
  }
}

TEST_CASE("a file comes with its type and a validator that saves the next transfer") {
  const Site site;
  const StaticFiles files{site.options("/app")};
  const auto first = files.answer(get("/app/assets/app.js"));
  REQUIRE(first);
  CHECK(first->status == 200);
  CHECK(first->headers.get("Content-Type") == "text/javascript; charset=utf-8");
  CHECK(first->headers.get("Cache-Control") == "no-cache");
  const std::string tag{first->headers.get("ETag")};
  REQUIRE(!tag.empty());

  HttpRequest again = get("/app/assets/app.js");
  for (const std::string& condition : {tag, "\"x\", " + tag, "W/" + tag, std::string{"*"}}) {
    again.headers.set("If-None-Match", condition);
    CHECK(files.answer(again)->status == 304);
  }
  again.headers.set("If-None-Match", "\"other\"");
  CHECK(files.answer(again)->status == 200);
  site.write("web/assets/app.js", "longer than before");
  again.headers.set("If-None-Match", tag);
  CHECK(files.answer(again)->status == 200);
}

TEST_CASE("a directory is answered with a slash, and only reading is answered at all") {
  const Site site;
  const StaticFiles files{site.options("/app")};
  CHECK(files.answer(get("/app/assets"))->headers.get("Location") == "/app/assets/");
  CHECK(files.answer(get("/app"))->headers.get("Location") == "/app/");
  CHECK(!files.answer(get("/app/assets/")));
  HttpRequest post = get("/app/index.html");
  post.method = HttpMethod::post;
  CHECK(!files.answer(post));
}

TEST_CASE("a directory that is not there is an error at start") {
  CHECK_THROWS_AS(StaticFiles({.directory = "/nonexistent/web"}), ListenError);
}

TEST_CASE("a type follows the extension") {
  CHECK(content_type_of("/a/b.HTML") == "text/html; charset=utf-8");
  CHECK(content_type_of("x.tar.wasm") == "application/wasm");
  CHECK(content_type_of("/a.js/b") == "application/octet-stream");
  CHECK(content_type_of("x.") == "application/octet-stream");
}

}  // namespace sluice::net
