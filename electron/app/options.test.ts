import { describe, expect, test } from 'vitest';
import { applicationArguments, HELP, parseOptions, platformSwitches } from './options.ts';

describe('parseOptions', () => {
  test('without arguments runs the demo in a 1600x900 window', () => {
    expect(parseOptions([])).toEqual({
      kind: 'run',
      options: {
        configFile: null,
        screenshotFolder: null,
        windowSize: null,
        presentation: 'window',
        mode: 'operation',
        log: [],
      },
    });
  });

  test('reads every option, with its value after a space or an equals sign', () => {
    const expected = {
      kind: 'run',
      options: {
        configFile: 'wall.json',
        screenshotFolder: 'shots',
        windowSize: { width: 1280, height: 720 },
        presentation: 'fullscreen',
        mode: 'development',
        log: ['tile', 'gateway'],
      },
    };
    const flags = ['--fullscreen', '--dev', '--log=gateway,tile'];
    expect(
      parseOptions(['--config', 'wall.json', '--screens', 'shots', '--window', '1280x720', ...flags]),
    ).toEqual(expected);
    expect(parseOptions(['--config=wall.json', '--screens=shots', '--window=1280X720', ...flags])).toEqual(
      expected,
    );
  });

  test.each(['--config', '--screens', '--window', '--log'])('%s without a value is refused', (option) => {
    for (const args of [[option], [`${option}=`], [option, '--dev']])
      expect(parseOptions(args)).toMatchObject({ kind: 'invalid', message: expect.stringContaining(option) });
  });

  test.each(['0x0', '1600', '1600x', 'x900', '1600*900', '319x900', '99999x900', '-1x900'])(
    'a window of "%s" is refused, and the message shows it',
    (size) => {
      expect(parseOptions(['--window', size])).toMatchObject({
        kind: 'invalid',
        message: expect.stringContaining(`"${size}"`),
      });
    },
  );

  test.each(['tiles', 'tile,', 'tile gateway', 'tile,gateway,host'])(
    'a log of "%s" is refused, and the message names the topics',
    (topics) => {
      const message = `--log needs tile or gateway, or both with a comma between; it was given "${topics}"`;
      expect(parseOptions(['--log', topics])).toEqual({ kind: 'invalid', message });
    },
  );

  test.each(['--confg', '--confg=x', '--screen', '-x', '--'])('%s is refused by name', (argument) => {
    expect(parseOptions([argument])).toEqual({
      kind: 'invalid',
      message: `unknown option ${argument}; --help lists the options`,
    });
  });

  test('a flag that is given a value is refused', () => {
    expect(parseOptions(['--fullscreen=no'])).toMatchObject({ kind: 'invalid' });
  });

  test('a bare file name is refused with the option that opens it', () => {
    expect(parseOptions(['wall.json'])).toMatchObject({
      message: expect.stringContaining('--config wall.json'),
    });
  });

  test.each([
    '--no-sandbox',
    '--user-data-dir=/x',
    '--disable-gpu',
    '--enable-features=A,B',
    '--use-gl=angle',
    '--ozone-platform=x11',
    '--force-device-scale-factor=1',
    '--lang=de',
    '--v=1',
  ])('passes on Chromium’s %s', (argument) => {
    for (const mode of ['operation', 'development'])
      expect(parseOptions(mode === 'operation' ? [argument] : [argument, '--dev'])).toMatchObject({
        kind: 'run',
        options: { mode },
      });
  });

  const FOR_DEVELOPERS = [
    '--remote-debugging-port=0',
    '--remote-debugging-address=0.0.0.0',
    '--remote-debugging-pipe',
    '--remote-allow-origins=*',
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk=0',
    '--renderer-cmd-prefix=/tmp/x',
    '--utility-cmd-prefix=/tmp/x',
    '--gpu-launcher=/tmp/x',
    '--browser-subprocess-path=/tmp/x',
    '--host-rules=MAP * 192.0.2.1',
    '--host-resolver-rules=MAP * 192.0.2.1',
    '--proxy-server=192.0.2.1:3128',
    '--proxy-pac-url=http://192.0.2.1/x',
    '--proxy-bypass-list=<-loopback>',
    '--js-flags=--expose-gc',
    '--load-extension=/tmp/x',
    '--disable-web-security',
    '--disable-site-isolation-trials',
    '--disable-seccomp-filter-sandbox',
    '--ignore-certificate-errors',
    '--ignore-certificate-errors-spki-list=x',
    '--single-process',
  ];

  test.each(FOR_DEVELOPERS)('refuses %s by name, and passes it on with --dev', (argument) => {
    expect(parseOptions([argument])).toMatchObject({
      kind: 'invalid',
      message: expect.stringMatching(new RegExp(`^${argument.split('=')[0]} .*--dev`)),
    });
    for (const args of [
      [argument, '--dev'],
      ['--dev', argument],
    ])
      expect(parseOptions(args)).toMatchObject({ kind: 'run', options: { mode: 'development' } });
    expect(platformSwitches([argument, '--dev'])).toEqual([argument]);
  });

  test.each([
    ['--screens', '-remote-debugging-port=9222'],
    ['--config', '-inspect=0'],
  ])('refuses %s %s too: Chromium would read its own switch', (...args) => {
    expect(parseOptions(args)).toMatchObject({ kind: 'invalid', message: expect.stringContaining('--dev') });
  });

  test('takes a slash for the beginning of a switch on Windows, and of a path elsewhere', () => {
    const args = ['--config', '/inspect'];
    expect(parseOptions(args, 'win32')).toMatchObject({ kind: 'invalid' });
    expect(parseOptions(args, 'linux')).toMatchObject({ options: { configFile: '/inspect' } });
  });

  test.each(['--proxy', '--no-proxy-server', '--cmd-prefix', '--host-resolver'])(
    'judges %s, which only looks like such a switch, by itself',
    (argument) => {
      expect(JSON.stringify(parseOptions([argument]))).not.toContain('developers');
    },
  );

  test('lets help and version win over what follows them', () => {
    expect(parseOptions(['--help', '--nonsense'])).toEqual({ kind: 'help' });
    expect(parseOptions(['-h', '--nonsense'])).toEqual({ kind: 'help' });
    expect(parseOptions(['--version', '--nonsense'])).toEqual({ kind: 'version' });
  });

  test('names every accepted option in the help', () => {
    for (const option of [
      '--config',
      '--window',
      '--fullscreen',
      '--screens',
      '--dev',
      '--version',
      '--help',
    ])
      expect(HELP).toContain(`  ${option}`);
  });
});

describe('applicationArguments', () => {
  test('packaged: all arguments after the executable', () => {
    expect(applicationArguments(['holdfast', '--no-sandbox', '--dev'], 'packaged')).toEqual([
      '--no-sandbox',
      '--dev',
    ]);
  });

  test('unpackaged: all arguments after the application’s path, whatever switches come before it', () => {
    expect(
      applicationArguments(
        ['electron', '-r', 'loader.js', '--no-sandbox', '.', '--config', 'a'],
        'unpackaged',
      ),
    ).toEqual(['--config', 'a']);
    expect(applicationArguments(['electron', '.'], 'unpackaged')).toEqual([]);
  });
});

test('platformSwitches keeps Chromium’s switches, and none of Holdfast’s', () => {
  expect(
    platformSwitches(['--config', 'a', '--disable-gpu', '--window=800x600', '--user-data-dir=/x', '--dev']),
  ).toEqual(['--disable-gpu', '--user-data-dir=/x']);
});
