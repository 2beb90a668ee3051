import { expect, test } from 'vitest';
import { installable, missingLibraries, packagesFor } from './system-packages.mjs';

const LDD = `	linux-vdso.so.1 (0x00007ffd2a1f0000)
	libffmpeg.so => /opt/electron/libffmpeg.so (0x00007f1fd2000000)
	libnss3.so => not found
	libsmime3.so => not found
	libasound.so.2 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1fd1e00000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f1fd7f8e000)
`;

const DEBIAN_12 = `libasound2:
  Installed: (none)
  Candidate: 1.2.8-1+b1
  Version table:
     1.2.8-1+b1 500
libnss3:
  Installed: (none)
  Candidate: 2:3.87.1-1+deb12u1
  Version table:
     2:3.87.1-1+deb12u1 500
`;

/** On Debian 13 libasound2 is only an alias of another package. */
const DEBIAN_13 = `libasound2t64:
  Installed: (none)
  Candidate: 1.2.14-1
  Version table:
     1.2.14-1 500
libasound2:
  Installed: (none)
  Candidate: (none)
  Version table:
libnss3:
  Installed: 2:3.110-1
  Candidate: 2:3.110-1
  Version table:
 *** 2:3.110-1 500
`;

const missing = { libraries: missingLibraries(LDD), commands: ['Xvfb'], plugins: [] };

test('the libraries that the loader did not find are read from ldd', () => {
  expect(missing.libraries).toEqual(['libnss3.so', 'libsmime3.so', 'libasound.so.2']);
});

test('the packages have the names that the system knows them by', () => {
  expect(packagesFor(missing, installable(DEBIAN_12))).toEqual(['libasound2', 'libnss3', 'xvfb']);
  expect(packagesFor(missing, installable(DEBIAN_13))).toEqual(['libasound2t64', 'libnss3', 'xvfb']);
});

test('an apt without lists yet is given the older names', () => {
  expect(packagesFor(missing, new Set())).toEqual(['libasound2', 'libnss3', 'xvfb']);
});

test('a library of an unknown package does not keep the others from being installed', () => {
  expect(
    packagesFor({ libraries: ['libnew.so.1', 'libdrm.so.2'], commands: [], plugins: [] }, new Set()),
  ).toEqual(['libdrm2']);
});

test('a command comes with the plug-ins that it is of no use without', () => {
  const server = { libraries: [], commands: ['nginx'], plugins: ['libnginx-mod-rtmp'] };
  expect(packagesFor(server, new Set())).toEqual(['libnginx-mod-rtmp', 'nginx']);
});
