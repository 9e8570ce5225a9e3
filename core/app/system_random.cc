#include "core/app/system_random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace sluice {

FillRandom system_random() {
  return [](MutableBytes out) {
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
  };
}

}  // namespace sluice
