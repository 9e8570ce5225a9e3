#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Files on the disk, below one folder, by ids that are ours. Blocks: for Host::background() and the start.
namespace sluice::chat::disk {

/// Makes the folder, for its owner alone, and removes what half-written files have left in it. Throws
/// std::runtime_error.
void prepare(const std::filesystem::path& folder);

/// Writes the whole file, waits until it is on the disk, and only then gives it its name. Throws std::runtime_error;
/// nothing is left then.
void write(const std::filesystem::path& folder, const std::string& file_id, std::string_view content);

/// Where the file stands. Throws std::runtime_error for what is no id: whatever happens, none leads out of the folder.
[[nodiscard]] std::filesystem::path path_of(const std::filesystem::path& folder, std::string_view file_id);

/// Removes those that are there.
void remove(const std::filesystem::path& folder, std::span<const std::string> file_ids);

}  // namespace sluice::chat::disk
