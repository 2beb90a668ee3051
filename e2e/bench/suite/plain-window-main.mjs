// @ts-check
// electron [switches] plain-window-main.mjs URL WIDTHxHEIGHT CERTIFICATE: shows a page, and nothing of Holdfast.
// CERTIFICATE: SHA-256 of the only one that is trusted, 64 hex digits; empty: as the switches say.
import { app, BrowserWindow } from 'electron';

/** Of a certificate verify procedure: https://www.electronjs.org/docs/latest/api/session#sessetcertificateverifyprocproc */
const VERDICT = { trusted: 0, refused: -2 };

const [url = '', size = '', certificate = ''] = process.argv.slice(-3);
const [width = 0, height = 0] = size.split('x').map(Number);
const trusted = `sha256/${Buffer.from(certificate, 'hex').toString('base64')}`;

app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => {
  const window = new BrowserWindow({
    width,
    height,
    useContentSize: true,
    // The sites allow no other origin, as real ones do: an application that goes to them directly has to lift this.
    webPreferences: { webSecurity: false, backgroundThrottling: false },
  });
  if (certificate !== '')
    window.webContents.session.setCertificateVerifyProc(({ certificate: shown }, verdict) =>
      verdict(shown.fingerprint === trusted ? VERDICT.trusted : VERDICT.refused),
    );
  return window.loadURL(url);
});
