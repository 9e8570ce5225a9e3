#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "production.h"

namespace sluice::recording {

/// Where a product is put: each file gets its name once it is whole and on the disk, so that one with its name is never
/// half a file, whenever the process was killed.
/// @note Blocks on the disk. Throws std::runtime_error or std::system_error.
class OutputFolder {
 public:
  /// Makes it, and removes what an earlier try has left.
  explicit OutputFolder(const std::string& path);
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  /// Removes what was begun and not taken.
  ~OutputFolder();

  /// Where to write a file before it has its name.
  [[nodiscard]] std::string draft(std::string_view name);
  /// The draft is whole.
  void take(const ProductFile& file);
  /// A whole file of some bytes.
  void write(ProductFile file, std::string_view bytes);
  /// What was taken, with its sizes; all of it is on the disk.
  [[nodiscard]] std::vector<ProductFile> finish();

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> drafts_;
  std::vector<ProductFile> files_;
};

}  // namespace sluice::recording
