#include "core/control/client_error.h"

namespace sluice {

Error client_error(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return error;
  } catch (...) {
    return Error{ErrorCode::internal, "the gateway failed to handle this; its log says why"};
  }
}

}  // namespace sluice
