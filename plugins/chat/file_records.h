#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "repository.h"

/// Files in the store. A record is there before anything is written to the disk and until nothing is left of it, so
/// that a power cut at any moment leaves nothing that is not known. Inside units of work only, like repository.h.
namespace sluice::chat {

/// Whose file it is, and what the owner says of it.
struct FileRecord {
  Viewer owner = {};
  SharedFile file = {};
  UnixMs created_at = 0;
};

/// How much may be stored, in bytes.
struct Quota {
  std::int64_t room = 0;
  std::int64_t user = 0;
};

/// Keeps a place for a file to come; Error{limit_exceeded, {limit}} where there is none.
void promise_file(StoreTransaction& store, const FileRecord& record, const Quota& quota);

/// The promised file is on the disk. Error{not_found} where the promise is over.
void store_file(StoreTransaction& store, const std::string& file_id);

/// Gives the owner's stored file to a message; Error{not_found} where there is none that is free.
[[nodiscard]] SharedFile attach_file(StoreTransaction& store, const Viewer& owner, const std::string& file_id,
                                     const std::string& message_id);

/// A file of a message that the viewer may see, or its own; Error{not_found}.
[[nodiscard]] SharedFile find_file(StoreTransaction& store, const Viewer& viewer, const std::string& file_id);

/// Where a file stands, whoever asks: its tenant and conversation; empty: there is none.
[[nodiscard]] std::optional<Where> where_is_file(StoreTransaction& store, const std::string& file_id);

/// Files that nobody sends any more: promised or stored before `before`, and in no message.
void doom_forgotten_files(StoreTransaction& store, UnixMs before);
/// Ids of files to be removed from the disk, at most `limit`.
[[nodiscard]] std::vector<std::string> doomed_files(StoreTransaction& store, std::int64_t limit);
void forget_files(StoreTransaction& store, const std::vector<std::string>& file_ids);

}  // namespace sluice::chat
