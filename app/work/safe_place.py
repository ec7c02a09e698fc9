"""Where a data file may lie (数据文件的位置), and what a disk means when it refuses.

SQLite needs a disk of this computer: on a network drive its locks do not hold, and a program that synchronises a folder
copies the file in the middle of a write. Such places are refused before any file is made there.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

NETWORK_KINDS = {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "ncpfs", "davfs", "ceph", "glusterfs"}
LOCAL_FUSE = {"fuse.ntfs-3g", "fuse.exfat", "fuse.exfat-fuse", "fuse.mergerfs", "fuse.gocryptfs", "fuse.encfs",
              "fuse.fuse-overlayfs", "fuse.bindfs"}  # fmt: skip
SYNC_FOLDERS = {  # what the clerk calls the program → how its folder may be named, in lower case
    "OneDrive": ("onedrive",),
    "坚果云": ("坚果云", "我的坚果云", "nutstore", "nutstore files"),
    "Dropbox": ("dropbox",),
    "百度网盘": ("百度网盘", "百度网盘同步空间", "baidunetdisk", "baidusyncdisk", "baidunetdiskworkspace"),
    "百度云同步盘": ("百度云同步盘",),
    "WPS 云盘": ("wps云盘", "wpsdrive", "wps drive", "wps cloud files"),
    "iCloud": ("icloud", "iclouddrive", "com~apple~clouddocs"),
    "微云": ("微云", "微云同步助手", "腾讯微云", "weiyun"),
}
DRIVE_REMOTE = 4  # of GetDriveTypeW
ADVICE = "请放在本机硬盘上，用“备份”把副本放到别处。"


def why_unsafe(path: Path, mounts: str | None = None) -> str | None:
    """Why a data file must not lie at `path`, in one sentence; None where it may.

    `mounts` is the text of Linux's /proc/mounts, read there when None.
    """
    folder = path.absolute().parent
    if sys.platform == "win32":
        network = on_windows_share(str(path.absolute()), _drive_kind)
    else:
        network = on_network(str(folder.resolve()), _mounts() if mounts is None else mounts)
    if network:
        return f"“{folder}”在网络盘上，多台电脑同时打开会损坏数据，{ADVICE}"
    if program := syncing(folder):
        return f"“{folder}”由{program}自动同步，同步时会损坏数据，{ADVICE}"
    if not folder.is_dir():
        return f"文件夹“{folder}”不存在，请先建立它，或另选一个文件夹。"
    if path.is_dir():
        return f"“{path}”是一个文件夹，请写明数据文件的名称。"
    return _read_only(path, folder)


def on_network(folder: str, mounts: str) -> bool:
    """Whether a folder of Linux lies on another computer, by the text of /proc/mounts."""
    best, kind = "", ""
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), parts[1])  # a space is written \040
        inside = point == "/" or folder == point or folder.startswith(f"{point}/")
        if inside and len(point) >= len(best):
            best, kind = point, parts[2]
    return kind in NETWORK_KINDS or (kind.startswith("fuse.") and kind not in LOCAL_FUSE)


def on_windows_share(path: str, drive_kind: Callable[[str], int]) -> bool:
    """Whether a path of Windows lies on another computer: \\\\server\\share, or a letter that stands for one."""
    drive = PureWindowsPath(path).drive
    return drive.startswith("\\\\") or (bool(drive) and drive_kind(f"{drive}\\") == DRIVE_REMOTE)


def syncing(folder: Path) -> str | None:
    """The program that synchronises this folder, as far as the folders' names tell."""
    for part in folder.parts:
        name = part.lower()
        for program, names in SYNC_FOLDERS.items():
            for known in names:
                rest = name.removeprefix(known)
                if rest != name and not rest[:1].isalnum():  # "OneDrive - 公司", but not "OneDrives"
                    return program
    return None


def disk_sentence(error: OSError) -> str:
    """What a clerk is told of an error of the disk."""
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return "磁盘已满，请清理磁盘空间或换一个位置再试。"
        case errno.EROFS:
            return "磁盘是只读的，请换一个可以写入的位置。"
        case errno.EACCES | errno.EPERM | errno.EBUSY | errno.ETXTBSY:
            return "没有写入的权限，或文件正被别的程序打开，请关闭它或换一个位置再试。"
        case errno.ENOENT | errno.ENOTDIR | errno.ENODEV | errno.ENXIO:
            return "位置不存在，U 盘可能已经拔出，请插好后再试。"
        case errno.ENAMETOOLONG:
            return "文件名太长，请换一个短些的。"
        case errno.EFBIG:
            return "磁盘的格式放不下这么大的文件，请换一个磁盘再试。"
        case _:
            return "磁盘读写出错，请检查磁盘或 U 盘后再试。"


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def _drive_kind(root: str) -> int:
    kind: int = 0
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(root)
    return kind


def _read_only(path: Path, folder: Path) -> str | None:
    """Try it: on Windows nothing else tells."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return f"文件夹“{folder}”不能写入，请另选一个文件夹。"
    if path.exists() and not os.access(path, os.W_OK):
        return f"数据文件“{path.name}”是只读的，请取消它的只读属性，或复制到别处再打开。"
    return None
