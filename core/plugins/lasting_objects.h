#pragma once

#include <string>
#include <unordered_set>

namespace sluice {

/// The shared objects of the process, by the names under which the loader has them. @note Any thread.
[[nodiscard]] std::unordered_set<std::string> loaded_objects();

/// What a plugin's library has brought along stays for as long as the process lives, when the library itself goes:
/// libraries that nobody made to be unloaded (GLib below FFmpeg is one) lose what they have allocated with each
/// unloading, and threads or handlers that they have registered would run code that is gone.
/// @param before   The objects that were there before the library was opened.
/// @param library  The loader's handle of the library, which is not kept.
void keep_what_came_with(void* library, const std::unordered_set<std::string>& before);

}  // namespace sluice
