#include "core/media/sdp/refuse.h"

#include <string>

#include "sluice/error.h"

namespace sluice::sdp {
namespace {

[[noreturn]] void refuse(ErrorCode code, const Problem& problem, std::string_view field) {
  std::string message{field};
  message.append(" line ").append(std::to_string(problem.line)).append(": ").append(problem.reason);
  throw Error{code,
              message,
              {{"line", problem.line},
               {"reason", boost::json::string_view{problem.reason.data(), problem.reason.size()}},
               {"path", boost::json::string_view{field.data(), field.size()}}}};
}

}  // namespace

void refuse_invalid(const Problem& problem, std::string_view field) {
  refuse(ErrorCode::invalid_payload, problem, field);
}

void refuse_unsupported(const Problem& problem, std::string_view field) {
  refuse(ErrorCode::unsupported, problem, field);
}

void refuse_turn(std::string_view reason) { throw Error{ErrorCode::conflict, std::string{reason}}; }

}  // namespace sluice::sdp
