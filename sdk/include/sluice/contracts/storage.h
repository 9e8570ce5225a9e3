#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/error.h"
#include "sluice/function.h"
#include "sluice/http.h"
#include "sluice/result.h"

/// Where finished files go (recordings): a folder of this machine, or an object store that comes as a plugin. Without a
/// plugin that provides it, recording keeps its files in its own folder.
/// @note Control thread only; answers come there too, later.
namespace sluice {

/// A file's name in the storage: `a-zA-Z0-9`, `-`, `_`, `.` and `/` between non-empty parts that do not begin with a
/// `.`; at most 255 octets. A storage refuses others with Error{invalid_payload}.
using StorageKey = std::string;

struct StoredObject {
  StorageKey key;
  std::uint64_t bytes = 0;
};

/// The service `sluice.storage`.
class Storage {
 public:
  static constexpr std::string_view kService = "sluice.storage/1";

  virtual ~Storage() = default;

  /// Takes the file: once `done` says so it is stored for good, and `path` is gone. On an error `path` is as it was.
  virtual void put(const StorageKey& key, const std::string& path,
                   Function<void(Result<StoredObject, Error>)> done) = 0;
  /// How a client gets it: a Response to answer with (a local file that is streamed, or a 302 to a URL that holds for a
  /// short time). `file_name`: what it is to be saved as; empty: it is shown in place. Error{not_found}.
  virtual void serve(const StorageKey& key, std::string_view content_type, std::string_view file_name,
                     Function<void(Result<HttpReply::Response, Error>)> done) = 0;
  /// Removes it; what is not there is no error.
  virtual void remove(const StorageKey& key, Function<void(Result<StorageKey, Error>)> done) = 0;
};

}  // namespace sluice
