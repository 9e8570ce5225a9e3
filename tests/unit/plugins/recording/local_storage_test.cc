#include "plugins/recording/local_storage.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "plugins/recording/content_disposition.h"
#include "plugins/recording/storage_key.h"
#include "sluice/testing/fake_host.h"
#include "tests/unit/plugins/recording/temporary_folder.h"

namespace sluice::testing {

namespace {

namespace fs = std::filesystem;

struct Shelves {
  Shelves() { fs::create_directory(folder / "products"); }
  std::string write(const std::string& name) {
    std::ofstream{folder / name} << "content";
    return folder / name;
  }
  /// The error's code; empty: it is stored.
  std::string put(const std::string& key, const std::string& path) {
    std::string code;
    storage.put(key, path, [&](const Result<StoredObject, Error>& done) {
      if (!done) code = to_string(done.error().code());
    });
    host.run();
    return code;
  }
  std::string serve(const std::string& key) {
    std::string code;
    storage.serve(key, "video/mp4", "", [&](const Result<HttpReply::Response, Error>& done) {
      code = done ? done->file : std::string{to_string(done.error().code())};
    });
    host.run();
    return code;
  }
  std::string remove(const std::string& key) {
    std::string code;
    storage.remove(key, [&](const Result<StorageKey, Error>& done) {
      if (!done) code = to_string(done.error().code());
    });
    host.run();
    return code;
  }

  TemporaryFolder folder;
  FakeHost host;
  recording::LocalStorage storage{host, folder / "products"};
};

}  // namespace

TEST_CASE("a file is stored under its key, served and removed with its folder") {
  Shelves shelves;
  CHECK(shelves.put("acme/id/recording.mp4", shelves.write("film")) == "");
  CHECK_FALSE(fs::exists(shelves.folder / "film"));
  CHECK(shelves.serve("acme/id/recording.mp4") == shelves.folder / "products/acme/id/recording.mp4");
  CHECK(shelves.remove("acme/id/recording.mp4") == "");
  CHECK_FALSE(fs::exists(shelves.folder / "products/acme/id"));
  CHECK(shelves.remove("acme/id/recording.mp4") == "");
  CHECK(shelves.serve("acme/id/recording.mp4") == "NOT_FOUND");
}

TEST_CASE("no key leads out of the folder") {
  Shelves shelves;
  const std::string film = shelves.write("film");
  for (const char* key : {"", "/", "/etc/passwd", "../film", "a/../../film", "a//b", "a/", "a/./b", ".hidden", "a/.b",
                          "a\\b", "a b", "a\nb", "caf\xc3\xa9"}) {
    CAPTURE(key);
    CHECK_FALSE(recording::is_storage_key(key));
    CHECK(shelves.put(key, film) == "INVALID_PAYLOAD");
    CHECK(shelves.serve(key) == "INVALID_PAYLOAD");
    CHECK(shelves.remove(key) == "INVALID_PAYLOAD");
  }
  CHECK_FALSE(recording::is_storage_key(std::string(256, 'a')));
  CHECK(recording::is_storage_key(std::string(255, 'a')));
  CHECK(fs::exists(film));
}

TEST_CASE("no symbolic link is followed, neither to a folder nor to a file") {
  Shelves shelves;
  fs::create_directory(shelves.folder / "elsewhere");
  fs::create_directory_symlink(shelves.folder / "elsewhere", shelves.folder / "products/link");
  fs::create_symlink(shelves.write("secret"), shelves.folder / "products/file");
  CHECK(shelves.put("link/film", shelves.write("film")) == "INTERNAL");
  CHECK(fs::exists(shelves.folder / "film"));
  CHECK(fs::is_empty(shelves.folder / "elsewhere"));
  CHECK(shelves.serve("file") == "NOT_FOUND");
  fs::create_symlink(shelves.folder / "secret", shelves.folder / "alias");
  CHECK(shelves.put("a/b", shelves.folder / "alias") == "INTERNAL");
}

TEST_CASE("what cannot be stored stays where it was") {
  Shelves shelves;
  CHECK(shelves.put("a/b", shelves.folder / "missing") == "INTERNAL");
  fs::create_directories(shelves.folder / "products/a/b/c");
  const std::string film = shelves.write("film");
  CHECK(shelves.put("a/b", film) == "INTERNAL");
  CHECK(fs::exists(film));
}

TEST_CASE("every tenant's name makes a key, and different ones make different keys") {
  using recording::key_of;
  CHECK(key_of("acme", "id", "a.mp4") == "acme/id/a.mp4");
  CHECK(key_of("", "id", "a.mp4") == "_/id/a.mp4");
  CHECK(key_of("../x", "id", "a") == "_2e_2e_2fx/id/a");
  CHECK(key_of("a_b", "id", "a") != key_of("a.b", "id", "a"));
  for (const std::string& tenant : {std::string{".."}, std::string(256, '/'), std::string{"\xff\0", 2}}) {
    CHECK(recording::is_storage_key(key_of(tenant, "id", "recording.mp4")));
  }
}

TEST_CASE("a title becomes the name of a file that no header and no file system minds") {
  CHECK(recording::file_name_of("Weekly", ".mp4") == "Weekly.mp4");
  CHECK(recording::file_name_of("../a/b:c\r\n\"d\"", ".mp4") == "_a_b_c_d_.mp4");
  CHECK(recording::file_name_of("...", ".mp4") == "recording.mp4");
  CHECK(recording::file_headers("Caf\xc3\xa9 \"x\".mp4").at("Content-Disposition") ==
        "attachment; filename=\"Caf__ _x_.mp4\"; filename*=UTF-8''Caf%C3%A9%20%22x%22.mp4");
  CHECK(recording::file_headers("").count("Content-Disposition") == 0);
}

}  // namespace sluice::testing
