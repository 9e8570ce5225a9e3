#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>

namespace sluice::recording {

/// Bytes that may still be written to the disk of a folder; nothing: not known.
using FreeBytes = std::function<std::optional<std::uint64_t>(const std::string& folder)>;

[[nodiscard]] std::optional<std::uint64_t> free_bytes_of(const std::string& folder);

/// What people are told where less is free than must be.
[[nodiscard]] std::string nearly_full_text(const std::string& folder, std::uint64_t free, std::uint64_t least);

/// What people are told where the disk (not FFmpeg, which may dislike what a sender has sent) refused to write;
/// nothing: it was not the disk.
[[nodiscard]] std::optional<std::string> disk_refusal(const std::exception& error, const std::string& folder);

}  // namespace sluice::recording
