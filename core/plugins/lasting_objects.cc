#include "core/plugins/lasting_objects.h"

#include <dlfcn.h>
#include <link.h>

namespace sluice {

std::unordered_set<std::string> loaded_objects() {
  std::unordered_set<std::string> names;
  ::dl_iterate_phdr(
      [](dl_phdr_info* object, std::size_t, void* out) {
        static_cast<std::unordered_set<std::string>*>(out)->emplace(object->dlpi_name);
        return 0;
      },
      &names);
  return names;
}

void keep_what_came_with(void* library, const std::unordered_set<std::string>& before) {
  const link_map* own = nullptr;
  if (::dlinfo(library, RTLD_DI_LINKMAP, &own) != 0) return;
  for (const std::string& name : loaded_objects()) {
    if (name.empty() || name == own->l_name || before.contains(name)) continue;
    // NODELETE marks the object; the handle that this opens is not needed for it.
    if (void* const object = ::dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE)) ::dlclose(object);
  }
}

}  // namespace sluice
