#include "shelf.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sluice/log.h"
#include "storage_key.h"

namespace sluice::recording {

namespace {

constexpr std::array<std::string_view, 9> kTypes{"video/mp4",  "video/webm", "audio/mp4",
                                                 "audio/mpeg", "audio/webm", "image/jpeg",
                                                 "image/png",  "text/vtt",   "application/json"};

bool is_sound(const ProductFile& file) {
  const std::string_view type = std::string_view{file.content_type}.substr(0, file.content_type.find(';'));
  return is_file_name(file.name) && file.kind.size() <= 32 && file.bytes >= 0 &&
         std::ranges::count(kTypes, type) != 0 && file.content_type.size() <= 64;
}

bool are_sound(const std::vector<ProductFile>& files) {
  return files.size() <= Shelf::kMostFiles && std::ranges::all_of(files, is_sound) &&
         std::ranges::count(files, "recording", &ProductFile::kind) == 1;
}

}  // namespace

struct Shelf::Work {
  std::vector<ProductFile> files{};
  std::vector<KeptFile> kept{};  ///< or those that are to be removed
  std::size_t next = 0;
  std::string folder{};
  std::string tenant{};
  std::string id{};
  Kept done{};
  Function<void(Result<Ok, Error>)> removed{};
};

void Shelf::keep(const Record& record, const std::vector<ProductFile>& files, Kept done) {
  if (!are_sound(files)) {
    return done(Error{ErrorCode::internal, "the production tells of files that are none"});
  }
  auto work = std::make_shared<Work>();
  work->files = files;
  work->folder = context_.folders.output(record.id);
  work->tenant = record.tenant;
  work->id = record.id;
  work->done = std::move(done);
  keep_next(std::move(work));
}

void Shelf::keep_next(std::shared_ptr<Work> work) {
  if (work->next == work->files.size()) return work->done(std::move(work->kept));
  const ProductFile& file = work->files[work->next];
  const StorageKey key = key_of(work->tenant, work->id, file.name);
  context_.storage.put(key, work->folder + "/" + file.name,
                       context_.lifeline.guard([this, work, key](Result<StoredObject, Error> stored) {
                         if (!stored) {
                           remove(work->kept,
                                  [work, error = stored.error()](const Result<Ok, Error>&) { work->done(error); });
                           return;
                         }
                         const ProductFile& done = work->files[work->next++];
                         work->kept.push_back({.name = done.name,
                                               .kind = done.kind,
                                               .content_type = done.content_type,
                                               .bytes = static_cast<std::int64_t>(stored->bytes),
                                               .key = key});
                         keep_next(work);
                       }));
}

void Shelf::remove(const std::vector<KeptFile>& files, Function<void(Result<Ok, Error>)> done) {
  auto work = std::make_shared<Work>();
  work->kept = files;
  work->removed = std::move(done);
  remove_next(std::move(work));
}

void Shelf::remove_next(std::shared_ptr<Work> work) {
  if (work->next == work->kept.size()) return work->removed(Ok{});
  const StorageKey key = work->kept[work->next++].key;
  context_.storage.remove(key, context_.lifeline.guard([this, work](const Result<StorageKey, Error>& removed) {
    if (!removed) return work->removed(removed.error());
    remove_next(work);
  }));
}

}  // namespace sluice::recording
