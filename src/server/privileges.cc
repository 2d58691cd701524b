#include "server/privileges.h"

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file.h"

namespace spoor::server {
namespace {

struct User {
  uid_t id = 0;
  gid_t group = 0;
};

Result<User> find_user(const std::string& name) {
  errno = 0;
  const passwd* found = ::getpwnam(name.c_str());
  if (found == nullptr) {
    return fail(Error::make(ErrorCode::kNotFound, fmt::format("there is no user '{}'", name))
                    .with_hint("server.user names the user that the server runs as"));
  }
  if (found->pw_uid == 0 || found->pw_gid == 0) {
    return fail(Error::make(ErrorCode::kConflict, fmt::format("the user '{}' is root", name))
                    .with_hint("server.user must name a user without rights of its own"));
  }
  return User{found->pw_uid, found->pw_gid};
}

/// Makes a folder for the user, or gives it one that is empty.
Result<void> hand_over(const std::string& folder, const User& user) {
  TRY_VOID(make_folders(folder));
  struct stat status{};
  if (::lstat(folder.c_str(), &status) != 0) {
    return fail(system_error("cannot look at the data folder", folder, errno));
  }
  if (status.st_uid == user.id) {
    return {};
  }
  std::error_code error;
  if (!S_ISDIR(status.st_mode) || !std::filesystem::is_empty(folder, error) || error) {
    return fail(
        Error::make(ErrorCode::kConflict, "the data folder belongs to another user")
            .at(folder)
            .with_hint(fmt::format("chown -R {}:{} it while no server runs", user.id, user.group)));
  }
  if (::chmod(folder.c_str(), 0700) != 0 || ::lchown(folder.c_str(), user.id, user.group) != 0) {
    return fail(system_error("cannot give the data folder away", folder, errno));
  }
  return {};
}

}  // namespace

Result<void> leave_root(const std::string& user, const std::string& data_folder) {
  if (::geteuid() != 0 && ::getuid() != 0) {
    if (user.empty()) {
      return {};
    }
    const User wanted = TRY(find_user(user));
    if (wanted.id == ::geteuid()) {
      return {};
    }
    return fail(
        Error::make(ErrorCode::kConflict, fmt::format("cannot become '{}': only root can", user))
            .with_hint("start as that user, or leave server.user out"));
  }
  if (user.empty()) {
    return fail(Error::make(ErrorCode::kConflict, "spoor serve does not run as root")
                    .with_hint("start it as another user, or name one: --server.user spoor"));
  }
  const User wanted = TRY(find_user(user));
  TRY_VOID(hand_over(data_folder, wanted));
  // Groups first: afterwards there is no right to change them.
  if (::initgroups(user.c_str(), wanted.group) != 0 ||
      ::setresgid(wanted.group, wanted.group, wanted.group) != 0 ||
      ::setresuid(wanted.id, wanted.id, wanted.id) != 0) {
    return fail(system_error("cannot become", user, errno));
  }
  if (::setuid(0) == 0 || ::seteuid(0) == 0 || ::setgid(0) == 0 || ::geteuid() != wanted.id ||
      ::getuid() != wanted.id || ::getegid() != wanted.group) {
    return fail(ErrorCode::kInternal, "root could not be left for good");
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return fail(system_error("cannot give up new privileges", "", errno));
  }
  return {};
}

}  // namespace spoor::server
