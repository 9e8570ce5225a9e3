#pragma once

#include <string_view>

namespace sluice {

/// What plugins offer each other. A service is a pure interface from `sluice/contracts/` that names itself and its
/// version: `static constexpr std::string_view kService = "sluice.rooms/1";`
///
/// The manifest declares what a plugin provides and requires; the host loads providers first, so `require` cannot fail
/// for what was declared.
/// @note Control thread only. A service lives until its plugin stops, which is after everyone who requires it.
class Services {
 public:
  virtual ~Services() = default;

  /// Offers `implementation` to the plugins that load later. Throws std::logic_error if the manifest does not declare
  /// it, or somebody provides it already.
  template <class Service>
  void provide(Service& implementation) {
    provide_raw(Service::kService, &implementation);
  }

  /// A service declared with `requires_service<Service>()`. Throws std::logic_error if it was not.
  template <class Service>
  [[nodiscard]] Service* require() {
    return static_cast<Service*>(require_raw(Service::kService));
  }

  /// A service that may be absent: nullptr if no loaded plugin provides it. Declare it with
  /// `uses_service<Service>()`, so that its provider, if there is one, is loaded first.
  template <class Service>
  [[nodiscard]] Service* find() noexcept {
    return static_cast<Service*>(find_raw(Service::kService));
  }

  virtual void provide_raw(std::string_view service, void* implementation) = 0;
  [[nodiscard]] virtual void* require_raw(std::string_view service) = 0;
  [[nodiscard]] virtual void* find_raw(std::string_view service) noexcept = 0;
};

}  // namespace sluice
