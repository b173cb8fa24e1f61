// Opens the ciphertexts of SealedSecrets with the standard library, as the controller does.
//
// The arguments are files with private keys. A line on standard input holds the number of a key, the
// label in base64 followed by '-', and the ciphertext; the answer is the value in base64 followed by
// '-', or "closed".
package main

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

func open(key *rsa.PrivateKey, label, text string) string {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < 2 {
		return "closed"
	}
	size := int(binary.BigEndian.Uint16(raw))
	if len(raw) < 2+size {
		return "closed"
	}
	name, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(label, "-"))
	if err != nil {
		panic(err)
	}
	session, err := rsa.DecryptOAEP(sha256.New(), nil, key, raw[2:2+size], name)
	if err != nil {
		return "closed"
	}
	block, err := aes.NewCipher(session)
	if err != nil {
		return "closed"
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	value, err := aead.Open(nil, make([]byte, aead.NonceSize()), raw[2+size:], nil)
	if err != nil {
		return "closed"
	}
	return base64.StdEncoding.EncodeToString(value) + "-"
}

func main() {
	var keys []*rsa.PrivateKey
	for _, path := range os.Args[1:] {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		block, _ := pem.Decode(text)
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			panic(err)
		}
		keys = append(keys, key.(*rsa.PrivateKey))
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	var questions [][]string
	for lines.Scan() {
		questions = append(questions, strings.Fields(lines.Text()))
	}
	answers := make([]string, len(questions))
	var group sync.WaitGroup
	for worker := range runtime.NumCPU() {
		group.Go(func() {
			for at := worker; at < len(questions); at += runtime.NumCPU() {
				number, err := strconv.Atoi(questions[at][0])
				if err != nil {
					panic(err)
				}
				answers[at] = open(keys[number], questions[at][1], questions[at][2])
			}
		})
	}
	group.Wait()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, answer := range answers {
		fmt.Fprintln(out, answer)
	}
}
