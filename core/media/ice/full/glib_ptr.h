#pragma once

#include <memory>

namespace sluice {

/// Owns what a C library made; `Release` gives it back: `GlibPtr<gchar, g_free>`.
template <auto Release>
struct GlibRelease {
  template <class T>
  void operator()(T* object) const noexcept {
    Release(object);
  }
};

template <class T, auto Release>
using GlibPtr = std::unique_ptr<T, GlibRelease<Release>>;

}  // namespace sluice
