#include "local_storage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "content_disposition.h"
#include "sluice/background.h"
#include "sluice/log.h"
#include "storage_key.h"

namespace sluice::recording {

namespace {

[[noreturn]] void fail(std::string_view what, const std::string& path, int error) {
  throw std::runtime_error{std::string{what} + " " + path + ": " + std::strerror(error)};
}

Error no_such_file() { return Error{ErrorCode::not_found, "there is no such file"}; }

/// An open file or folder.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

enum class Missing : std::uint8_t { make, is_error };

/// The way to a key's file: its folder, opened part by part, and its name there.
struct Way {
  Descriptor folder;
  std::string name;
};

Descriptor open_folder(const Descriptor& parent, const std::string& name, Missing missing) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  if (missing == Missing::make && ::mkdirat(parent.number(), name.c_str(), 0700) != 0 && errno != EEXIST) {
    fail("cannot make the folder", name, errno);
  }
  Descriptor folder{::openat(parent.number(), name.c_str(), kFlags)};
  if (!folder.open() && errno == ENOENT) throw no_such_file();
  if (!folder.open()) fail("cannot open the folder", name, errno);
  return folder;
}

Way way_to(const std::string& root, const StorageKey& key, Missing missing) {
  if (!is_storage_key(key)) throw Error{ErrorCode::invalid_payload, "this is no name of a file"};
  Way way{Descriptor{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)}, {}};
  if (!way.folder.open()) fail("cannot open the folder", root, errno);
  std::size_t begin = 0;
  for (std::size_t slash = key.find('/'); slash != std::string::npos; slash = key.find('/', begin)) {
    way.folder = open_folder(way.folder, key.substr(begin, slash - begin), missing);
    begin = slash + 1;
  }
  way.name = key.substr(begin);
  return way;
}

void sync(const Descriptor& descriptor, const std::string& path) {
  if (::fsync(descriptor.number()) != 0) fail("cannot sync", path, errno);
}

// What has its name is on the disk whole: the content first, then the name.
StoredObject put_file(const std::string& root, const StorageKey& key, const std::string& path) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)};
  struct stat status {};
  if (!file.open() || ::fstat(file.number(), &status) != 0) fail("cannot open", path, errno);
  if (!S_ISREG(status.st_mode)) throw std::runtime_error{path + " is no regular file"};
  sync(file, path);
  const Way way = way_to(root, key, Missing::make);
  if (::renameat(AT_FDCWD, path.c_str(), way.folder.number(), way.name.c_str()) != 0) {
    fail("cannot move " + path + " to", root + "/" + key, errno);
  }
  sync(way.folder, key);
  // The folders above may be new, too.
  for (std::size_t end = key.rfind('/'); end != std::string::npos && end > 0; end = key.rfind('/', end - 1)) {
    const Way above = way_to(root, key.substr(0, end), Missing::is_error);
    sync(above.folder, key);
  }
  return {.key = key, .bytes = static_cast<std::uint64_t>(status.st_size)};
}

HttpReply::Response response_for(const std::string& root, const StorageKey& key) {
  const Way way = way_to(root, key, Missing::is_error);
  struct stat status {};
  if (::fstatat(way.folder.number(), way.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) throw no_such_file();
  if (!S_ISREG(status.st_mode)) throw no_such_file();
  HttpReply::Response response;
  response.file = root + "/" + key;
  return response;
}

void remove_file(const std::string& root, const StorageKey& key) {
  try {
    const Way way = way_to(root, key, Missing::is_error);
    if (::unlinkat(way.folder.number(), way.name.c_str(), 0) != 0 && errno != ENOENT) fail("cannot remove", key, errno);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  // The recording's own folder goes with its last file.
  const auto end = key.rfind('/');
  if (end == std::string::npos) return;
  try {
    const Way folder = way_to(root, key.substr(0, end), Missing::is_error);
    ::unlinkat(folder.folder.number(), folder.name.c_str(), AT_REMOVEDIR);
  } catch (const Error&) {
    // It is gone already.
  }
}

}  // namespace

template <class T, class Job>
void LocalStorage::run(const StorageKey& key, Job job, Function<void(Result<T, Error>)> done) {
  // Shared by the completion and the answer in the case that no job is taken: one of the two calls it.
  const auto answer = std::make_shared<Function<void(Result<T, Error>)>>(std::move(done));
  const auto read = [&log = host_.log(), key](JobResult<T>& result) -> Result<T, Error> {
    try {
      return std::move(result.value());
    } catch (const Error& error) {
      return error;
    } catch (const std::exception& error) {
      log.error("the local storage failed", {{"error", error.what()}});
      return Error{ErrorCode::internal, "the storage failed; the log says why"};
    }
  };
  try {
    host_.background().run(std::move(job), [answer, read](JobResult<T> result) { (*answer)(read(result)); });
  } catch (const Error& error) {
    (*answer)(error);
  }
}

void LocalStorage::put(const StorageKey& key, const std::string& path,
                       Function<void(Result<StoredObject, Error>)> done) {
  run<StoredObject>(
      key, [root = folder_, key, path] { return put_file(root, key, path); }, std::move(done));
}

void LocalStorage::serve(const StorageKey& key, std::string_view content_type, std::string_view file_name,
                         Function<void(Result<HttpReply::Response, Error>)> done) {
  run<HttpReply::Response>(
      key,
      [root = folder_, key, type = std::string{content_type}, headers = file_headers(file_name)] {
        HttpReply::Response response = response_for(root, key);
        response.content_type = type;
        response.headers = headers;
        return response;
      },
      std::move(done));
}

void LocalStorage::remove(const StorageKey& key, Function<void(Result<StorageKey, Error>)> done) {
  run<StorageKey>(
      key,
      [root = folder_, key] {
        remove_file(root, key);
        return key;
      },
      std::move(done));
}

}  // namespace sluice::recording
