#pragma once

#include <string>
#include <string_view>

#include "sluice/contracts/storage.h"

namespace sluice::recording {

/// Whether the key is one: see StorageKey. No part of it leads up, or to a hidden file.
[[nodiscard]] bool is_storage_key(std::string_view key) noexcept;

/// Whether `name` may be the last part of a key, and the name of a file in a folder of ours.
[[nodiscard]] bool is_file_name(std::string_view name) noexcept;

/// `<tenant>/<recording id>/<name>`, with what a key must not have in the tenant's name written as `_<hex>`. The name
/// is a file name.
[[nodiscard]] StorageKey key_of(std::string_view tenant, std::string_view recording_id, std::string_view name);

}  // namespace sluice::recording
