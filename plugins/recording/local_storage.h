#pragma once

#include <string>

#include "sluice/contracts/storage.h"
#include "sluice/host.h"

namespace sluice::recording {

/// The storage in a folder of this machine: key `a/b/c` is the file `<folder>/a/b/c`. Files come into it by being
/// renamed, so that they have to lie on the same file system.
///
/// Nothing leads out of the folder: keys are checked, and each part of a way is opened without following a symbolic
/// link.
class LocalStorage final : public Storage {
 public:
  LocalStorage(Host& host, std::string folder) : host_{host}, folder_{std::move(folder)} {}

  void put(const StorageKey& key, const std::string& path, Function<void(Result<StoredObject, Error>)> done) override;
  void serve(const StorageKey& key, std::string_view content_type, std::string_view file_name,
             Function<void(Result<HttpReply::Response, Error>)> done) override;
  void remove(const StorageKey& key, Function<void(Result<StorageKey, Error>)> done) override;

 private:
  template <class T, class Job>
  void run(const StorageKey& key, Job job, Function<void(Result<T, Error>)> done);

  Host& host_;
  std::string folder_;
};

}  // namespace sluice::recording
