#pragma once

#include <cstdint>
#include <span>
#include <string>

/// Files that others read as soon as they have their name. What the system refuses is thrown as std::system_error.
namespace sluice::livestream {

using FileBytes = std::span<const std::uint8_t>;

/// Under another name: `.tmp` behind it.
[[nodiscard]] std::string unfinished(const std::string& path);
/// Appends to the unfinished file, which is created (0600) or, where `begins`, begun anew.
enum class Begins : bool { no, yes };
void append_unfinished(const std::string& path, FileBytes bytes, Begins begins);
/// The unfinished file is whole.
void give_name(const std::string& path);
/// A file in one go.
void write_whole(const std::string& path, FileBytes bytes);
/// With 0700 where it is missing.
void make_folder(const std::string& path);

}  // namespace sluice::livestream
