import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Whether the `openssl` program exists: Node can check certificates but cannot make them. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Deviations from an ordinary certificate. */
export interface CertificateOptions {
  /** Bits of an RSA key; without it the key is P-256. */
  readonly rsaBits?: number;
  /** SHA-256 by default. */
  readonly digest?: 'sha1';
  /** Signed by an intermediate authority whose own certificate is not sent. */
  readonly through?: 'another authority';
}

/** The test's own authority, and the certificates that it issues. */
export class TestAuthority {
  readonly cert: string;
  private readonly directory = mkdtempSync(path.join(tmpdir(), 'holdfast-certificates-'));

  constructor() {
    this.openssl([
      'req',
      '-x509',
      ...newKey('ca'),
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=Test authority',
    ]);
    this.cert = this.read('ca.pem');
  }

  /** @param validity from now on for two days, or from 2020 until `notAfter` (`YYYYMMDDhhmmssZ`) */
  issue(
    commonName: string,
    subjectAltName: string,
    validity: { notAfter: string } | 'now',
    { rsaBits, digest, through }: CertificateOptions = {},
  ): TestCertificate {
    const dates =
      validity === 'now' ? ['-days', '2'] : ['-startdate', '20200101000000Z', '-enddate', validity.notAfter];
    if (through !== undefined)
      this.sign('between', 'ca', 'Test authority in between', 'basicConstraints=critical,CA:TRUE', dates);
    const signer = through === undefined ? 'ca' : 'between';
    const more = [...dates, '-md', digest ?? 'sha256'];
    this.sign('site', signer, commonName, `subjectAltName=${subjectAltName}`, more, newKey('site', rsaBits));
    return { key: this.read('site.key'), cert: this.read('site.pem') };
  }

  private sign(
    name: string,
    signer: string,
    commonName: string,
    extension: string,
    more: readonly string[],
    key = newKey(name),
  ): void {
    writeFileSync(path.join(this.directory, 'extensions'), `${extension}\n`);
    this.openssl(['req', ...key, '-out', `${name}.csr`, '-subj', `/CN=${commonName}`]);
    writeFileSync(path.join(this.directory, 'index.txt'), '');
    writeFileSync(path.join(this.directory, 'serial'), '01\n');
    writeFileSync(
      path.join(this.directory, 'ca.conf'),
      [
        '[ca]\ndefault_ca = test\n[test]\ndatabase = index.txt\nserial = serial\nnew_certs_dir = .',
        'default_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied\n',
      ].join('\n'),
    );
    this.openssl([
      ...['ca', '-batch', '-notext', '-config', 'ca.conf', '-keyfile', `${signer}.key`],
      ...['-cert', `${signer}.pem`, '-in', `${name}.csr`, '-out', `${name}.pem`, '-extfile', 'extensions'],
      ...more,
    ]);
  }

  /** A certificate that is signed by its holder alone. */
  selfSigned(subjectAltName: string): TestCertificate {
    this.openssl([
      ...['req', '-x509', ...newKey('site'), '-out', 'site.pem', '-days', '2', '-subj', '/CN=Self-signed'],
      ...['-addext', `subjectAltName=${subjectAltName}`],
    ]);
    return { key: this.read('site.key'), cert: this.read('site.pem') };
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private openssl(args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.directory, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  private read(file: string): string {
    return readFileSync(path.join(this.directory, file), 'utf8');
  }
}

function newKey(name: string, rsaBits?: number): string[] {
  const kind =
    rsaBits === undefined ? ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'] : [`rsa:${rsaBits}`];
  return ['-newkey', ...kind, '-nodes', '-keyout', `${name}.key`];
}

/** The fingerprint that an operator would pin, computed independently of the code under test. */
export function sha256OfDer({ cert }: TestCertificate): string {
  return createHash('sha256').update(new X509Certificate(cert).raw).digest('hex');
}
