// Judges certificates and pairs as kubectl does, which is built from the same library: the
// counterpart of examples/certificate_verdicts.rs.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
)

// What is taken, and why not.
func verdict(line string) (*x509.Certificate, error) {
	var inputs [][]byte
	for _, field := range strings.Fields(line) {
		input, err := base64.StdEncoding.DecodeString(field)
		if err != nil {
			panic(err)
		}
		inputs = append(inputs, input)
	}
	if len(inputs) == 2 {
		pair, err := tls.X509KeyPair(inputs[0], inputs[1])
		return pair.Leaf, err
	}
	certificate, err := x509.ParseCertificate(inputs[0])
	if err != nil {
		return nil, err
	}
	switch certificate.PublicKey.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return certificate, nil
	default:
		// No pair has such a certificate: crypto/tls refuses it.
		return nil, errors.New("tls: unknown public key algorithm")
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for lines.Scan() {
		if certificate, err := verdict(lines.Text()); err != nil {
			fmt.Fprintf(out, "%q\n", err.Error())
		} else if len(certificate.Extensions) == 0 {
			fmt.Fprintln(out, "taken without extensions")
		} else {
			fmt.Fprintln(out, "taken")
		}
	}
}
